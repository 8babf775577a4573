// The keys by their prefixes, one level at a time: a level is scanned when it is opened.
import { html, useState } from "../html.js";
import { count, cut } from "../format.js";
import { link } from "../route.js";
import { useScan } from "../scan.js";
import { Icon } from "../parts/icon.js";
import { Empty, Problem } from "../parts/notice.js";
import { Progress } from "../parts/progress.js";

export const KeyTree = ({ cache, chosen, onChoose }) => html`
  <div class="tree">
    <button type="button" class="plain all" aria-pressed=${chosen === ""} onClick=${() => onChoose("")}>All keys</button>
    <${Level} cache=${cache} prefix="" chosen=${chosen} onChoose=${onChoose} />
  </div>`;

const Level = ({ cache, prefix, chosen, onChoose }) => {
  const scan = useScan("keys/tree", { cache, prefix }, { nothing: [], add: merged, isEnough: () => false });
  return html`
    <${Problem} error=${scan.error} retry=${scan.again} />
    <ul>
      ${scan.found.slice(0, shown).map(branch => html`
        <li key=${branch.prefix}>
          ${branch.isKey
            ? html`
              <a class="leaf" href=${link("key", { cache, key: branch.prefix })}>
                <${Icon} name="key" /><span>${cut(branch.label, 48)}</span></a>`
            : html`<${Branch} cache=${cache} branch=${branch} chosen=${chosen} onChoose=${onChoose} />`}
        </li>`)}
    </ul>
    ${scan.found.length > shown && html`<p class="note">${count(scan.found.length - shown)} more; search for them.</p>`}
    ${scan.isOver && scan.found.length === 0 && html`<${Empty}>No keys.<//>`}
    ${!scan.isOver && html`<${Progress} scan=${scan} />`}`;
};

const Branch = ({ cache, branch, chosen, onChoose }) => {
  const [isOpen, setOpen] = useState(chosen?.startsWith(branch.prefix) && chosen !== branch.prefix);
  return html`
    <div class="branch">
      <button type="button" class="plain twist" aria-expanded=${isOpen} aria-label=${`What ${cut(branch.prefix, 60)} holds`}
        onClick=${() => setOpen(!isOpen)}>
        <${Icon} name=${isOpen ? "open" : "closed"} />
      </button>
      <button type="button" class="plain name" aria-pressed=${chosen === branch.prefix} onClick=${() => onChoose(branch.prefix)}>
        <span>${cut(branch.label, 48)}</span> <span class="note">${count(branch.count)}</span>
      </button>
    </div>
    ${isOpen && html`<${Level} cache=${cache} prefix=${branch.prefix} chosen=${chosen} onChoose=${onChoose} />`}`;
};

const shown = 200;

const merged = (branches, answer) => {
  const all = new Map(branches.map(branch => [branch.prefix, branch]));
  for (const branch of answer.branches) {
    const known = all.get(branch.prefix);
    all.set(branch.prefix, known && !branch.isKey ? { ...known, count: known.count + branch.count } : branch);
  }
  // Groups first, as folders are.
  return [...all.values()].sort((a, b) => a.isKey - b.isKey || (a.label < b.label ? -1 : 1));
};
