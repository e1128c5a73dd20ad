// Above a conversation: what it is called and which model answers; where the server lets the page change that, a click opens the picker.

import { ChevronDown, Menu, SquarePen } from "lucide-react";
import { chats } from "../state/chats.ts";
import type { Conversation } from "../state/conversation.ts";
import { serverStatus } from "../state/server-status.ts";
import { useStore } from "../state/store.ts";
import { IconButton } from "./icon-button.tsx";

interface Props {
  readonly conversation: Conversation | undefined;
  readonly onDrawer: () => void;
  readonly onModels: () => void;
}

export function Header({ conversation, onDrawer, onModels }: Props) {
  const { model, problem, health } = useStore(serverStatus);
  const state = problem ? "gone" : health ? "ok" : "unknown";
  const shown = (
    <>
      <span className="model-state" data-state={state} aria-hidden="true" />
      <span className="visually-hidden">{problem ? `${problem.title}. ` : ""}Model: </span>
      <span className="model-name">{model?.id ?? (problem ? "no server" : "…")}</span>
    </>
  );
  return (
    <header className="header">
      <IconButton className="phone-only" label="Conversations" icon={Menu} onClick={onDrawer} />
      <h1 className="header-title">{conversation?.title ?? "New conversation"}</h1>
      {health?.modelsApi ? (
        <button type="button" className="model" title={problem?.title} onClick={onModels}>
          {shown}
          <ChevronDown size={14} aria-hidden="true" />
        </button>
      ) : (
        <p className="model" title={problem?.title}>
          {shown}
        </p>
      )}
      <IconButton
        className="phone-only"
        label="New conversation"
        icon={SquarePen}
        onClick={() => chats.select(undefined)}
      />
    </header>
  );
}
