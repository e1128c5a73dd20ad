// Markdown that grows: only the block that changed is made anew.

import { type MouseEvent, memo, useLayoutEffect, useMemo, useRef } from "react";
import { copyText } from "../text/copy.ts";
import { type Block, blocksOf, elementsOf } from "../text/markdown.ts";

export function Markdown({ text }: { readonly text: string }) {
  const blocks = useMemo(() => blocksOf(text), [text]);
  if (blocks.length === 0) return null;
  return (
    // The listener serves the copy buttons inside, which keyboards reach by themselves.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the buttons inside are the controls
    // biome-ignore lint/a11y/noStaticElementInteractions: the buttons inside are the controls
    <div className="markdown" onClick={copyCode}>
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks only ever grow at the end
        <MarkdownBlock key={index} block={block} />
      ))}
    </div>
  );
}

const MarkdownBlock = memo(
  ({ block }: { readonly block: Block }) => {
    const place = useRef<HTMLDivElement>(null);
    useLayoutEffect(() => place.current?.replaceChildren(elementsOf(block)), [block]);
    return <div ref={place} />;
  },
  (a, b) => a.block.raw === b.block.raw,
);

const SAY_FOR_MS = 1500;

async function copyCode({ target }: MouseEvent): Promise<void> {
  if (!(target instanceof HTMLButtonElement) || !target.matches(".copy-code")) return;
  await copyText(target.closest(".code")?.querySelector("pre")?.textContent ?? "");
  target.textContent = "Copied";
  setTimeout(() => {
    target.textContent = "Copy";
  }, SAY_FOR_MS);
}
