// A conversation in the list, with what can be done to it.

import { Menu } from "@base-ui/react/menu";
import { Ellipsis, Pencil, Trash2 } from "lucide-react";
import type { Conversation } from "../state/conversation.ts";

interface Props {
  readonly conversation: Conversation;
  readonly current: boolean;
  readonly answering: boolean;
  readonly onChoose: () => void;
  readonly onRename: () => void;
  readonly onDelete: () => void;
}

export function ConversationItem({ conversation, current, answering, onChoose, onRename, onDelete }: Props) {
  const { title } = conversation;
  return (
    <li className="conversation-item" data-current={current || undefined}>
      <button
        type="button"
        className="conversation-name"
        aria-current={current ? "page" : undefined}
        title={title}
        onClick={onChoose}
      >
        {answering && <span className="model-state" data-state="ok" aria-hidden="true" />}
        <span className="conversation-title">{title}</span>
        {answering && <span className="visually-hidden">, being answered</span>}
      </button>
      <Menu.Root>
        <Menu.Trigger className="icon-button" aria-label={`More for ${title}`}>
          <Ellipsis size={18} aria-hidden="true" />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner align="end" sideOffset={4} className="menu-positioner">
            <Menu.Popup className="menu">
              <Menu.Item className="menu-item" onClick={onRename}>
                <Pencil size={16} aria-hidden="true" />
                Rename
              </Menu.Item>
              <Menu.Item className="menu-item danger" onClick={onDelete}>
                <Trash2 size={16} aria-hidden="true" />
                Delete
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
    </li>
  );
}
