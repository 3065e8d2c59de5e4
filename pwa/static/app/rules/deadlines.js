/** What is left of a deadline. When it falls due is the server's to say: it knows the holidays. */

/** @typedef {"none" | "calm" | "half" | "nine_tenths" | "past"} Level */

/**
 * `seconds` are negative when past, null without a deadline. An order rises at half, at nine tenths and past it;
 * without a beginning it is calm until it is past.
 * @param {Date | null} dueBy
 * @param {Date | null} begunAt when the deadline began to run
 * @param {Date} now
 * @returns {{seconds: number | null, level: Level}}
 */
export function remaining(dueBy, begunAt, now) {
  if (dueBy === null) return { seconds: null, level: "none" };
  const seconds = Math.floor((dueBy.getTime() - now.getTime()) / 1000);
  if (seconds < 0) return { seconds, level: "past" };
  if (begunAt === null || begunAt >= dueBy) return { seconds, level: "calm" };
  const used = (now.getTime() - begunAt.getTime()) / (dueBy.getTime() - begunAt.getTime());
  return { seconds, level: used >= 0.9 ? "nine_tenths" : used >= 0.5 ? "half" : "calm" };
}
