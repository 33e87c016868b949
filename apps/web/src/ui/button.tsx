import type { ButtonHTMLAttributes } from "react";
import { Icon, type IconName } from "./icon.tsx";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly tone?: "plain" | "primary" | "quiet" | "danger";
  readonly size?: "small" | "normal" | "large";
  readonly icon?: IconName;
  /** Keeps the button's place while its action runs. */
  readonly busy?: boolean;
}

export function Button({ tone = "plain", size = "normal", icon, busy = false, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={`btn ${rest.className ?? ""}`}
      data-tone={tone}
      data-size={size}
      aria-busy={busy}
      disabled={busy || rest.disabled === true}
    >
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "children"> {
  readonly icon: IconName;
  readonly label: string;
  readonly size?: "small" | "normal";
}

export function IconButton({ icon, label, size = "normal", ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={`btn ${rest.className ?? ""}`}
      data-tone="quiet"
      data-shape="icon"
      data-size={size}
      aria-label={label}
      title={label}
    >
      <Icon name={icon} size={size === "small" ? 16 : 20} />
    </button>
  );
}
