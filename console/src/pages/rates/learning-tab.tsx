/** Placeholder replaced in the next commit. */
export function LearningTab() {
  return null;
}
