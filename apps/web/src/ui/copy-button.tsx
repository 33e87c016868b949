import { useState } from "react";
import { useToast } from "./toast.tsx";
import { IconButton } from "./button.tsx";

/** Copies text; says so in the button, and says when the browser refuses (plain http on another host). */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [done, setDone] = useState(false);
  const toast = useToast();
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      setDone(true);
      setTimeout(() => setDone(false), 1500);
    } catch (error) {
      console.debug("The clipboard is closed to this page.", error);
      toast("This browser does not let the page copy. Select the text instead.");
    }
  }
  return (
    <IconButton
      size="small"
      icon={done ? "check" : "copy"}
      label={done ? "Copied" : label}
      onClick={() => void copy()}
    />
  );
}
