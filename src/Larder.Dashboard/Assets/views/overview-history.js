// The intervals of the last five minutes that this page has seen, for each cache; they outlive the view.
const kept = 300_000;
const histories = new Map();

export const remembered = cache => {
  if (!histories.has(cache)) histories.set(cache, new History());
  return histories.get(cache);
};

class History {
  intervals = [];
  #seen = new Map();

  /** Notes the nodes that are known, and answers those that were, and are not any more. */
  missing(overview) {
    const known = [...overview.nodes, ...overview.asked.silent].map(node => node.id);
    const at = Date.parse(overview.at);
    known.forEach(id => this.#seen.set(id, at));
    return [...this.#seen]
      .filter(([id, seen]) => !known.includes(id) && seen > at - kept)
      .map(([id, seen]) => ({ id, lastHeardAt: new Date(seen) }));
  }

  add(interval) {
    const at = Date.parse(interval.at);
    this.intervals = [...this.intervals.filter(each => each.time < at && each.time > at - kept), { ...interval, time: at }];
  }

  /** The sums of the last `ms`. */
  last(ms) {
    const latest = this.intervals.at(-1)?.time;
    const sum = { lengthMs: 0, l1Hits: 0, l2Hits: 0, staleHits: 0, misses: 0, factoryCalls: 0, callsSaved: 0, invalidationsSent: 0 };
    for (const each of this.intervals.filter(each => each.time > latest - ms)) {
      sum.lengthMs += each.lengthMs;
      for (const [name, value] of Object.entries(each.totals)) {
        if (name in sum) sum[name] += value;
      }
    }
    return sum;
  }
}

export const requestsOf = totals => totals.l1Hits + totals.l2Hits + totals.staleHits + totals.misses;
