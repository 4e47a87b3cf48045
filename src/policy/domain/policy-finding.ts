/** An `error` keeps a policy from being activated; a `warning` is for its reviewer to weigh. */
export interface PolicyFinding {
  readonly severity: 'error' | 'warning';
  readonly path: string;
  /** In Portuguese. */
  readonly message: string;
}
