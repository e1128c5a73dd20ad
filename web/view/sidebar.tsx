// All conversations, a new one, and at the foot how the server does.

import { Plus, Settings2 } from "lucide-react";
import { useState } from "react";
import { chats } from "../state/chats.ts";
import type { Conversation } from "../state/conversation.ts";
import { useStore } from "../state/store.ts";
import { ConversationItem } from "./conversation-item.tsx";
import { DeleteDialog } from "./delete-dialog.tsx";
import { RenameDialog } from "./rename-dialog.tsx";
import { ServerFigures } from "./server-figures.tsx";

interface Props {
  readonly onSettings: () => void;
  readonly onChosen: () => void;
}

export function Sidebar({ onSettings, onChosen }: Props) {
  const { conversations, currentId, running, kept } = useStore(chats.store);
  const [renamed, setRenamed] = useState<Conversation>();
  const [deleted, setDeleted] = useState<Conversation>();
  const choose = (id: string | undefined) => {
    chats.select(id);
    onChosen();
  };
  return (
    <>
      <div className="sidebar-head">
        <button type="button" className="button wide" onClick={() => choose(undefined)}>
          <Plus size={18} aria-hidden="true" />
          New conversation
        </button>
      </div>
      <ul className="conversations" aria-label="Conversations">
        {conversations.map((conversation) => (
          <ConversationItem
            key={conversation.id}
            conversation={conversation}
            current={conversation.id === currentId}
            answering={running.has(conversation.id)}
            onChoose={() => choose(conversation.id)}
            onRename={() => setRenamed(conversation)}
            onDelete={() => setDeleted(conversation)}
          />
        ))}
      </ul>
      <div className="sidebar-foot">
        {!kept && <p className="hint">This browser keeps nothing: conversations end with this page.</p>}
        <ServerFigures />
        <button type="button" className="button quiet wide" onClick={onSettings}>
          <Settings2 size={18} aria-hidden="true" />
          Settings
        </button>
      </div>
      <RenameDialog conversation={renamed} onClose={() => setRenamed(undefined)} />
      <DeleteDialog conversation={deleted} onClose={() => setDeleted(undefined)} />
    </>
  );
}
