// Words for what the API says of nodes and entries.
import { plural, time } from "./format.js";

/** A node's id without its random part. */
export const nodeName = id => id?.replace(/\.[^.]*$/, "");

/** A version is `server time in microseconds:writer:number`. */
export const versionName = version => {
  if (!version) return null;
  const parts = version.split(":");
  return parts.length < 3 ? version : `${parts.at(-1)} of ${nodeName(parts.slice(1, -1).join(":"))}`;
};

const losses = {
  gap: "messages of another node were missed",
  interrupted: "its subscription was interrupted",
};

export const distrust = node => {
  const since = node.distrustedSince ? ` since ${time(node.distrustedSince)}` : "";
  const loss = node.lastLossAt ? `; ${losses[node.lastLossReason] ?? node.lastLossReason} at ${time(node.lastLossAt)}` : "";
  return `${node.name ?? nodeName(node.nodeId)} distrusts its L1${since}${loss}.`;
};

/** A node that was heard of, and did not answer. */
export const lastHeard = node => node.lastHeardAt ? `last heard ${time(node.lastHeardAt)}` : "not heard of lately";

export const answered = asked => `${asked.answered} of ${plural(asked.known, "node")} answered`;

const misses = {
  none: "serves it",
  notThere: "has none",
  expired: "expired",
  tagged: "killed by tag",
  notTrusted: "not trusted",
  unreadable: "unreadable",
  storeDown: "L2 does not answer",
  undelivered: "an invalidation waits for its delivery",
  tooLarge: "too large to be kept",
};

export const missText = reason => misses[reason] ?? reason;
