// What an event's kind is called and how it looks.
export const kinds = {
  hit: { text: "hit", tone: "good", icon: "fresh" },
  staleHit: { text: "stale hit", tone: "warn", icon: "stale" },
  miss: { text: "miss", icon: "none" },
  set: { text: "set", tone: "info", icon: "key" },
  commit: { text: "commit", tone: "info", icon: "key" },
  remove: { text: "remove", tone: "warn", icon: "error" },
  expire: { text: "expire", tone: "warn", icon: "expired" },
  tag: { text: "tag", tone: "warn", icon: "tag" },
  expireTag: { text: "expire tag", tone: "warn", icon: "tag" },
  evict: { text: "evict", icon: "none" },
  factoryFailed: { text: "factory failed", tone: "bad", icon: "warning" },
  storeDown: { text: "L2 down", tone: "bad", icon: "warning" },
  storeUp: { text: "L2 up", tone: "good", icon: "fresh" },
  trustLost: { text: "trust lost", tone: "bad", icon: "warning" },
  undelivered: { text: "undelivered", tone: "bad", icon: "warning" },
  delivered: { text: "delivered", tone: "good", icon: "fresh" },
};

export const groups = {
  reads: { title: "Reads", kinds: ["hit", "staleHit", "miss"] },
  writes: { title: "Writes", kinds: ["set", "commit"] },
  invalidations: { title: "Invalidations", kinds: ["remove", "expire", "tag", "expireTag"] },
  evictions: { title: "Evictions", kinds: ["evict"] },
  troubles: { title: "Troubles", kinds: ["factoryFailed", "storeDown", "storeUp", "trustLost", "undelivered", "delivered"] },
};

export const kindsOf = names => names.flatMap(name => groups[name].kinds);
