// English: everything the generator needs of it.

import { about } from "./about.mjs";
import { asks } from "./asks.mjs";
import { decorate, joinable, joiners } from "./decorate.mjs";
import { outside } from "./outside.mjs";
import { passages } from "./passages.mjs";
import { refusals } from "./refusals.mjs";
import { results } from "./results.mjs";
import { control_media } from "./tools/control_media.mjs";
import { draft_message } from "./tools/draft_message.mjs";
import { explain_warning } from "./tools/explain_warning.mjs";
import { find_charging } from "./tools/find_charging.mjs";
import { get_range } from "./tools/get_range.mjs";
import { identify_product } from "./tools/identify_product.mjs";
import { navigate } from "./tools/navigate.mjs";
import { play_media } from "./tools/play_media.mjs";
import { search_web } from "./tools/search_web.mjs";
import { set_climate } from "./tools/set_climate.mjs";
import { set_seat } from "./tools/set_seat.mjs";
import { set_window } from "./tools/set_window.mjs";
import { translate_caption } from "./tools/translate_caption.mjs";
import { values } from "./values.mjs";

export default {
  code: "en",
  values,
  tools: {
    identify_product,
    navigate,
    draft_message,
    search_web,
    translate_caption,
    set_climate,
    set_window,
    set_seat,
    play_media,
    control_media,
    find_charging,
    get_range,
    explain_warning,
  },
  asks,
  results,
  refusals,
  about,
  outside,
  passages,
  decorate,
  joinable,
  joiners,
  missing: (tool) => `That needs the tool ${tool}, which this program has not given me.`,
  systems: [
    "You are a helpful assistant.",
    "You are the voice assistant of this car.",
    "You help the wearer of smart glasses.",
    "Answer briefly.",
    "You are an assistant in a vehicle. Be short.",
    "Keep it short and friendly.",
    "You are the assistant of these glasses.",
    "Help the driver.",
  ],
};
