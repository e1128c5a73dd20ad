// Starts the page: what this browser kept, the server's state, then the view.

import { createRoot } from "react-dom/client";
import { keepAddress } from "./state/address.ts";
import { chats } from "./state/chats.ts";
import { watchServer } from "./state/server-status.ts";
import { openSettings, settings } from "./state/settings.ts";
import { openStorage } from "./state/storage.ts";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/messages.css";
import "./styles/markdown.css";
import "./styles/controls.css";
import "./styles/models.css";
import { App } from "./view/app.tsx";

function showTheme(): void {
  document.documentElement.dataset.theme = settings.get().theme;
}

openSettings();
showTheme();
settings.subscribe(showTheme);
watchServer();
await chats.open(await openStorage().catch(() => undefined));
keepAddress();
const place = document.getElementById("page");
if (place) createRoot(place).render(<App />);
