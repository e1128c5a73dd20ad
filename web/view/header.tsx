// Above a conversation: what it is called and which model answers. (One server has one model; a picker goes here when it has more.)

import { Menu, SquarePen } from "lucide-react";
import { chats } from "../state/chats.ts";
import type { Conversation } from "../state/conversation.ts";
import { serverStatus } from "../state/server-status.ts";
import { useStore } from "../state/store.ts";
import { IconButton } from "./icon-button.tsx";

interface Props {
  readonly conversation: Conversation | undefined;
  readonly onDrawer: () => void;
}

export function Header({ conversation, onDrawer }: Props) {
  const { model, problem, health } = useStore(serverStatus);
  const state = problem ? "gone" : health ? "ok" : "unknown";
  return (
    <header className="header">
      <IconButton className="phone-only" label="Conversations" icon={Menu} onClick={onDrawer} />
      <h1 className="header-title">{conversation?.title ?? "New conversation"}</h1>
      <p className="model" title={problem?.title}>
        <span className="model-state" data-state={state} aria-hidden="true" />
        <span className="visually-hidden">{problem ? `${problem.title}. ` : ""}Model: </span>
        <span className="model-name">{model?.id ?? (problem ? "no server" : "…")}</span>
      </p>
      <IconButton
        className="phone-only"
        label="New conversation"
        icon={SquarePen}
        onClick={() => chats.select(undefined)}
      />
    </header>
  );
}
