// The back office cancels with a moment to think again: a licence, a subscription, and a licence whose customer asked for it.

/** So long after the click the vendor is not asked yet. */
export const UNDO_SECONDS = 30

export const undoWords = `The vendor is asked in ${UNDO_SECONDS} seconds; until then you can undo it.`
