// Markdown as models write it, to elements. HTML in it is shown as text, images become links (showing one would ask a stranger's
// server), and whatever comes out passes DOMPurify before it is put anywhere.

import DOMPurify from "dompurify";
import { Marked, type Token, type Tokens } from "marked";
import { highlight } from "./highlight.ts";

/** A paragraph, a list, a piece of code: what is made anew only when its text changes. */
export type Block = Token;

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => escapes[character]);

/** An answer stands below headings of the page. */
const HEADINGS_BELOW = 2;

const marked = new Marked({ gfm: true, breaks: true });
marked.use({
  renderer: {
    html: ({ text, block }) => (block ? `<p>${escapeHtml(text)}</p>` : escapeHtml(text)),
    image: ({ href, text }) => link(href, escapeHtml(text || href)),
    link({ href, tokens }) {
      return link(href, this.parser.parseInline(tokens));
    },
    heading({ depth, tokens }) {
      const level = Math.min(6, depth + HEADINGS_BELOW);
      return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>`;
    },
    listitem({ task, tokens }) {
      return `<li${task ? ' class="task"' : ""}>${this.parser.parse(tokens)}</li>`;
    },
    checkbox: ({ checked }) => (checked ? "☑ " : "☐ "),
    table(token) {
      const row = (tag: string, cells: readonly Tokens.TableCell[]) =>
        `<tr>${cells.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`).join("")}</tr>`;
      const body = token.rows.map((cells) => row("td", cells)).join("");
      return `<div class="table" tabindex="0" role="group" aria-label="Table"><table><thead>${row("th", token.header)}</thead><tbody>${body}</tbody></table></div>`;
    },
    code: ({ text, lang }) => codeBlock(text, /^\S+/.exec(lang ?? "")?.[0] ?? ""),
  },
});

function link(href: string, content: string): string {
  return `<a href="${escapeHtml(href)}" target="_blank" rel="noopener noreferrer">${content}</a>`;
}

function codeBlock(code: string, language: string): string {
  const label = escapeHtml(language || "text");
  return (
    `<div class="code"><div class="code-head"><span>${label}</span><button type="button" class="copy-code">Copy</button></div>` +
    `<pre tabindex="0" role="group" aria-label="Code, ${label}"><code>${highlight(code, language) ?? escapeHtml(code)}</code></pre></div>`
  );
}

export function blocksOf(markdown: string): readonly Block[] {
  return marked.lexer(markdown).filter(({ type }) => type !== "space");
}

export function elementsOf(block: Block): DocumentFragment {
  return DOMPurify.sanitize(marked.parser([block]), {
    RETURN_DOM_FRAGMENT: true,
    ALLOWED_TAGS: [
      ...["p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a", "span", "div"],
      ...["h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "button"],
    ],
    ALLOWED_ATTR: ["class", "href", "target", "rel", "start", "type", "tabindex", "role", "aria-label"],
    ALLOWED_URI_REGEXP: /^(?:https?:|mailto:)/i,
  });
}

/** For a screen reader: code is named, not spelt. */
export function spokenText(block: Block): string {
  if (block.type === "code") return `Code${block.lang ? `, ${block.lang}` : ""}.`;
  return elementsOf(block).textContent?.trim() ?? "";
}
