import { hrefOf, Link } from "../router.tsx";
import { useQuery } from "../store/hooks.ts";
import { Icon } from "../ui/icon.tsx";

/** Says what the demo model is, as long as it is the one that answers. */
export function DemoBanner() {
  const models = useQuery("models.list", { query: {} });
  const model = models.data?.models.find(({ selected }) => selected);
  if (model?.demo !== true) return null;
  return (
    <div
      role="note"
      className="flex flex-none flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-accent-soft px-4 py-2 text-small md:px-6"
    >
      <span className="text-accent">
        <Icon name="info" />
      </span>
      <span className="min-w-0 flex-1">
        <b>Demo model.</b> It knows its example prompts only, and pays in test money.
      </span>
      <Link className="btn" href={hrefOf("models")}>
        Choose a model
      </Link>
    </div>
  );
}
