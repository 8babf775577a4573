/*
 * Freshness of one key with one tag, on two nodes over one store. README.md says what is left out, and how to run it.
 *
 * A version is what the origin held when a value was read: the app raises it before it invalidates. `floor` is what a
 * reader that begins now on a node must get at least: the contract as a number.
 *
 * Broken on purpose, to see that it is found: -DNO_FENCE, -DNO_LEASE, -DNO_EPOCH, -DLATE_STAMP.
 */
#define NODES 2
#ifndef WRITES0
#define WRITES0 1
#endif
#ifndef WRITES1
#define WRITES1 1
#endif
#ifndef READS0
#define READS0 2
#endif
#ifndef READS1
#define READS1 1
#endif
#define NONE 255
#define MAX(a, b) ((a) > (b) -> (a) : (b))

#define CHANGE 1
#define TAG 2

/* The origin, and the least version that completed invalidations leave. */
byte db = 0;
byte completed = 0;

/* The store. */
byte l2 = NONE;
byte l2Stamp = 0;
byte lease = 0;
byte tagClock = 0;

/* The nodes. */
byte l1[NODES] = NONE;
byte l1Stamp[NODES];
bool untouched[NODES];        /* the fence is what the node's load captured */
bool sameEpoch[NODES];        /* and so is the epoch */
byte known[NODES];            /* the tag's last number, as far as the node knows */
bool isKnown[NODES] = true;   /* false: it has to ask the store */
bool trusted[NODES] = true;
bool missed[NODES];           /* a message was lost, and the node has not noticed */
byte floor[NODES];

chan feed0 = [2] of { byte, byte, byte };
chan feed1 = [2] of { byte, byte, byte };

/* In the step that makes the change: to the other node, or lost. */
inline publish(from, kind, number, version) {
  if
  :: from == 0 && nfull(feed1) -> feed1!kind, number, version
  :: from == 1 && nfull(feed0) -> feed0!kind, number, version
  :: missed[1 - from] = true
  fi
}

inline drop(at) {
  untouched[at] = false; l1[at] = NONE; l1Stamp[at] = 0
}

/* Entries of an older epoch are never served again: they may as well go. */
inline beginEpoch(at) {
  sameEpoch[at] = false; isKnown[at] = false; l1[at] = NONE; l1Stamp[at] = 0
}

inline complete(node, version) {
  floor[node] = MAX(floor[node], version);
  completed = MAX(completed, version)
}

proctype Reader(byte node; byte reads) {
  byte need, value, stamp, mark;
  bool valid, kept;

  do
  :: reads > 0 ->
    reads--;
    atomic {
      /* Without trust the node reads L2, which holds nothing that was invalidated. */
      need = (trusted[node] -> floor[node] : completed);
      if
      :: l1[node] != NONE && trusted[node] && isKnown[node] && l1Stamp[node] >= known[node] ->
        value = l1[node];
        goto done
      :: else
      fi
    }

again:
    atomic { untouched[node] = true; sameEpoch[node] = true; mark = known[node] }
    atomic { value = l2; stamp = l2Stamp }
    if
    :: value != NONE ->
      atomic {
        if
        :: !trusted[node] || !isKnown[node] -> known[node] = MAX(known[node], tagClock); isKnown[node] = true
        :: else
        fi;
        valid = stamp >= known[node]
      }
    :: else -> valid = false
    fi;
    if
    :: valid -> kept = true; mark = stamp; goto store
    :: else
    fi;

    atomic {
      if
      :: l2 != NONE && (l2 != value || l2Stamp != stamp) -> goto again  /* somebody has committed */
      :: else
      fi;
      if
      :: lease == 0 -> lease = node + 1; l2 = NONE
      :: else -> goto wait
      fi
    }

    value = db;                                  /* the factory reads */
    if
    :: true
    :: goto died                                 /* the node dies in it */
    fi;
#ifdef LATE_STAMP
    mark = known[node];
#endif
    atomic {
      if
#ifdef NO_LEASE
      :: true ->
#else
      :: lease == node + 1 ->
#endif
        l2 = value; l2Stamp = mark; lease = 0; kept = true;
        publish(node, CHANGE, 0, 0)
      :: else -> kept = false
      fi
    }

store:
    atomic {
      if
#ifdef NO_FENCE
      :: kept ->
#elif defined(NO_EPOCH)
      :: kept && untouched[node] ->
#else
      :: kept && untouched[node] && sameEpoch[node] ->
#endif
        l1[node] = value; l1Stamp[node] = mark
      :: else
      fi
    }

done:
    assert(value >= need);
    need = 0; value = 0; stamp = 0; mark = 0; kept = false; valid = false; untouched[node] = false; sameEpoch[node] = false
  :: else -> break
  od;
  goto died;

wait:
  /* For the message of a commit or a removal, or for the lease to lapse. */
  lease == 0 -> goto again;

died:
  atomic { need = 0; value = 0; stamp = 0; mark = 0; kept = false; valid = false; untouched[node] = false; sameEpoch[node] = false }
}

proctype Writer(byte node; byte writes) {
  byte version, number;

  do
  :: writes > 0 ->
    writes--;
    atomic { db++; version = db }                /* the app writes its database */
    if
    :: true ->                                   /* Remove */
      atomic { drop(node) }
      atomic { l2 = NONE; lease = 0; publish(node, CHANGE, 0, version) }
      atomic { drop(node); complete(node, version) }
    :: true ->                                   /* RemoveByTag */
      atomic { tagClock++; number = tagClock; publish(node, TAG, number, version) }
      atomic { known[node] = MAX(known[node], number); complete(node, version) }
    fi;
    version = 0; number = 0
  :: else -> break
  od
}

/* Messages in any order, the loss that is noticed, the way back. */
proctype Listener(byte node) {
  byte kind, number, version;

end:
  do
  :: atomic {
      if
      :: node == 0 && nempty(feed0) -> feed0??kind, number, version
      :: node == 1 && nempty(feed1) -> feed1??kind, number, version
      fi;
      if
      :: kind == CHANGE -> drop(node)
      :: kind == TAG -> known[node] = MAX(known[node], number)
      fi;
      floor[node] = MAX(floor[node], version);
      kind = 0; number = 0; version = 0
    }
  :: atomic { missed[node] && trusted[node] -> trusted[node] = false; beginEpoch(node) }
  :: atomic {
      !trusted[node] ->
      /* What was sent on the old connection is gone. */
      do
      :: node == 0 && nempty(feed0) -> feed0?kind, number, version
      :: node == 1 && nempty(feed1) -> feed1?kind, number, version
      :: (node == 0 && empty(feed0)) || (node == 1 && empty(feed1)) -> break
      od;
      kind = 0; number = 0; version = 0;
      missed[node] = false; beginEpoch(node); trusted[node] = true;
      floor[node] = completed
    }
  od
}

/* A lease lapses at any time. */
proctype Time() {
end:
  do
  :: atomic { lease != 0 -> lease = 0 }
  od
}

/* L2 never holds what was invalidated, but for what its own stamp makes invalid. */
active proctype Monitor() {
end:
  atomic { l2 != NONE && l2Stamp >= tagClock && l2 < completed -> assert(false) }
}

init {
  atomic {
    run Listener(0); run Listener(1); run Time();
    run Reader(0, READS0); run Reader(1, READS1);
    run Writer(0, WRITES0); run Writer(1, WRITES1)
  }
}
