// The views by their name in the address; those with a letter are in the navigation, and `g` and the letter goes there.
import { Overview } from "./views/overview.js";
import { Keys } from "./views/keys.js";
import { Key } from "./views/key.js";
import { Tags } from "./views/tags.js";
import { Live } from "./views/live.js";
import { Insights } from "./views/insights.js";
import { Configuration } from "./views/configuration.js";

export const views = {
  overview: { name: "overview", title: "Overview", letter: "o", show: Overview },
  keys: { name: "keys", title: "Keys", letter: "k", show: Keys },
  key: { name: "key", title: "Key", parent: "keys", show: Key },
  tags: { name: "tags", title: "Tags", letter: "t", show: Tags },
  live: { name: "live", title: "Live", letter: "l", show: Live },
  insights: { name: "insights", title: "Insights", letter: "i", show: Insights },
  configuration: { name: "configuration", title: "Configuration", letter: "c", show: Configuration },
};

export const navigation = Object.values(views).filter(view => view.letter);
