// Copies a text, and says that it has.

import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { copyText } from "../text/copy.ts";
import { IconButton } from "./icon-button.tsx";

const SAY_FOR_MS = 1500;

export function CopyButton({ label, text }: { readonly label: string; readonly text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await copyText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), SAY_FOR_MS);
  };
  return <IconButton label={copied ? "Copied" : label} icon={copied ? Check : Copy} onClick={copy} />;
}
