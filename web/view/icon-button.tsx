// A button that shows an icon and says in words what it does.

import type { LucideProps } from "lucide-react";
import type { ComponentProps, ComponentType } from "react";

interface Props extends Omit<ComponentProps<"button">, "children"> {
  readonly label: string;
  readonly icon: ComponentType<LucideProps>;
}

export function IconButton({ label, icon: Icon, className = "", ...rest }: Props) {
  return (
    <button type="button" className={`icon-button ${className}`} aria-label={label} title={label} {...rest}>
      <Icon size={18} aria-hidden="true" />
    </button>
  );
}
