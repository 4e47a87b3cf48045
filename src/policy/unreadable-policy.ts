/** What is stored of a policy is not what this release can decide by; asking again changes nothing. */
export class UnreadablePolicyError extends Error {
  override readonly name = 'UnreadablePolicyError';
}
