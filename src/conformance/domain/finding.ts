/** What the public texts leave open and the programme finds out. */
export const QUESTIONS = {
  request_signing: 'How must our requests be signed?',
  webhook_signing: 'How are webhooks signed, and do we verify them?',
  acknowledgement: 'Which acknowledgement ends the delivery of a webhook?',
  auction_webhook: 'Is the webhook of an auction as the manual prints it?',
  deadline_zone: 'In which zone are the limits of an auction printed?',
  window: 'How long is the internal auction?',
  request_life: 'How long does the request live?',
  clocks: "How far is QI's clock from ours?",
  first_proposal: 'Is a proposal of ours accepted?',
  simulation: "Is QI's arithmetic ours?",
  repeated_control_key: 'What becomes of a proposal that is sent again with the same request_control_key?',
  second_proposal: 'What becomes of a second proposal under another key?',
  margin_refusal: 'Do we recognise the refusal of an instalment above the margin?',
  end_of_auction: 'How does the end of an auction read?',
} as const;
export type Question = keyof typeof QUESTIONS;

export interface Finding {
  readonly question: Question;
  /** Short and the same in every run that finds the same. */
  readonly answer: string;
  /** What was seen. Nothing personal and no secret. */
  readonly evidence: readonly string[];
  /** Settings of the environment that follow from it. */
  readonly settings?: Readonly<Record<string, string>>;
  /** What a person must do because no setting does it. */
  readonly advice?: string;
}

export interface ConformanceReport {
  readonly baseUrl: string;
  readonly startedAt: Date;
  /** Why it ended before its last step; undefined when it did not. */
  readonly stopped: string | undefined;
  readonly findings: readonly Finding[];
}

/** The settings of all findings together. */
export function settingsOf({ findings }: ConformanceReport): Record<string, string> {
  return Object.assign({}, ...findings.map(({ settings }) => settings ?? {})) as Record<string, string>;
}
