// Keys of the keyboard. They can be switched off: who speaks to the computer presses letters without meaning to.
import { useEffect, useState } from "./html.js";
import { recall, remember } from "./settings.js";
import { go } from "./route.js";
import { navigation } from "./views.js";

// setHelp is the setter of a state, which is the same at every drawing: were it another, a drawing between g and the letter after
// it would forget the g.
export const useShortcuts = setHelp => {
  const [isOn, setOn] = useState(() => recall("shortcuts", "on") === "on");
  useEffect(() => {
    if (!isOn) return undefined;
    let wasG = false;
    const press = event => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) return;
      const target = wasG && navigation.find(view => view.letter === event.key);
      wasG = event.key === "g";
      if (target) go(target.name);
      else if (event.key === "?") setHelp(true);
      else if (event.key === "/") focusSearch(event);
      else if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [isOn, setHelp]);

  return [isOn, value => {
    setOn(value);
    remember("shortcuts", value ? "on" : "off");
  }];
};

const isTyping = element => element.matches("input, textarea, select, [contenteditable]");

const focusSearch = event => {
  const field = document.querySelector("input[type=search]");
  if (field) {
    event.preventDefault();
    field.focus();
    field.select();
  } else {
    go("keys");
  }
};

// From row to row of the first table that links somewhere.
const step = by => {
  const links = [...document.querySelectorAll("main tbody a")];
  const now = links.indexOf(document.activeElement);
  links[Math.min(Math.max(now + by, 0), links.length - 1)]?.focus();
};
