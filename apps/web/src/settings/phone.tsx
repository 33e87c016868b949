import type { RouteResponse } from "@freehold/contract";
import { useQuery } from "../store/hooks.ts";
import { Section } from "../ui/parts.tsx";
import { WithAnswer } from "../ui/with-answer.tsx";
import { QrImage } from "./qr-image.tsx";

type LanJson = RouteResponse<"lan.get">;

function Steps({ lan }: { readonly lan: LanJson }) {
  return (
    <div className="card grid gap-5 p-4 text-small [grid-template-columns:minmax(0,1fr)] md:[grid-template-columns:minmax(0,1fr)_auto]">
      <ol className="grid list-decimal content-start gap-3 ps-5">
        {lan.certificateUrl !== null && (
          <li className="wrap-anywhere">
            Once on each phone, open <code>{lan.certificateUrl}</code> and trust this house’s certificate. Compare the
            fingerprint before you do:
            <pre className="well mt-2" dir="ltr">
              {lan.fingerprint}
            </pre>
            <span className="text-muted">
              iOS: install the profile, then switch it on under General, About, Certificate Trust Settings. Android:
              Security, Encryption and credentials, Install a certificate, CA certificate.
            </span>
          </li>
        )}
        <li className="wrap-anywhere">
          Scan the code, or open{" "}
          {lan.urls.map((url) => (
            <code key={url}>{url} </code>
          ))}
        </li>
        <li>Sign in, and add the page to the home screen.</li>
      </ol>
      {lan.qrSvg !== null && (
        <span className="justify-self-center">
          <QrImage svg={lan.qrSvg} label={`QR code for ${lan.urls[0] ?? "this house"}`} />
        </span>
      )}
    </div>
  );
}

export function Phone() {
  const lan = useQuery("lan.get", {});
  return (
    <Section title="Pair a phone">
      <WithAnswer answer={lan}>
        {(data) =>
          data.enabled ? (
            <Steps lan={data} />
          ) : (
            <div className="card grid gap-2 p-4 text-small">
              <p>This house answers only on its own machine now. To let a phone in, start it with:</p>
              <pre className="well" dir="ltr">
                pnpm start --lan
              </pre>
            </div>
          )
        }
      </WithAnswer>
    </Section>
  );
}
