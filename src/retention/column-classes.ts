import type { RetentionClass } from './retention-classes';

/** Why personal data is not erased after a time. docs/privacy.md prints it. */
export const KEPT_BECAUSE = {
  staff:
    'who of the house did what, for as long as the audit trail speaks of them (LGPD art. 7 II, 16 I); never a borrower',
  words:
    'what people of the house wrote as a reason or a note: part of the record of what they did; no screen asks for data of borrowers there',
  qi_words:
    "QI's words of a refusal or a failure: numbers like a CPF or an account are blotted out before they are stored",
  masked:
    'reasons and traces: what was decided and why; personal values stand there as a mask, like `***.456.789-**`, or the end of a registration, never in the clear',
  signature:
    'what a webhook said, words of QI as of `qi_words`; signers with their scores and liveness go with `signature_evidence`',
  contracts:
    'what was wished for and offered; the number of a contract at another bank, of which screens show the end, goes with the borrower',
  lists:
    'people on a list that a policy names, encrypted: a version that decided must be able to decide the same again (LGPD art. 20)',
} as const;
type KeptBecause = keyof typeof KEPT_BECAUSE;

/** A class of config/retention.json, or `exports`: files, gone a week after they were made. */
export type ErasedBy = RetentionClass | 'exports';

/** What becomes of some columns of a table. Their names, with a space between. */
export interface ColumnClass {
  readonly columns: string;
  /** Personal, and emptied, or gone with its row, by these classes. Empty: not. */
  readonly erasedBy: readonly ErasedBy[];
  /** Personal and kept, for this reason. Undefined: not. */
  readonly keptBecause: KeptBecause | undefined;
}

const erased = (columns: string, ...erasedBy: ErasedBy[]): ColumnClass => ({
  columns,
  erasedBy,
  keptBecause: undefined,
});
const kept = (columns: string, keptBecause: KeptBecause): ColumnClass => ({
  columns,
  erasedBy: [],
  keptBecause,
});
/** Keys, figures, times, statuses, settings. */
const plain = (columns: string): ColumnClass => ({ columns, erasedBy: [], keptBecause: undefined });

/** Every column there is, by table: a test holds it against the schema, and what it says of erasing against a run. */
export const COLUMN_CLASSES: Readonly<Record<string, readonly ColumnClass[]>> = {
  alert: [
    kept('acknowledged_by', 'staff'),
    plain(
      'id kind subject severity since count detail raised_at seen_at told_at told_count resolved_at acknowledged_at',
    ),
  ],
  api_token: [
    kept('name actor created_by keeper_id', 'staff'),
    plain('id token_hash roles created_at revoked_at expires_at last_used_at'),
  ],
  app_user: [
    kept(
      'username password_hash totp_key_id totp_ciphertext totp_last_step oidc_subject created_by',
      'staff',
    ),
    plain('id roles created_at disabled_at'),
  ],
  approval: [
    kept('requested_by decided_by', 'staff'),
    kept('reason note', 'words'),
    plain('id credit_operation_key action status requested_at decided_at command_id'),
  ],
  auction: [
    erased(
      'personal_ciphertext borrower_index employer_index admission_date',
      'unsuccessful_auctions',
      'won_loans',
    ),
    kept('status_reason', 'qi_words'),
    plain(
      `issuer_proposal_request_key webhook_event_id status received_at event_at_text inclusion_limit_text
       expiration_text deadline_reading inclusion_limit_at expiration_at requested_amount requested_installments
       consigned_credit_balance eligible employer_document_type personal_key_id unreadable_fields
       auction_proposal_key rank_position credit_operation_key lease_owner created_at ended_at`,
    ),
  ],
  auction_facet: [plain('facet received_at issuer_proposal_request_key')],
  audit_event: [
    kept('actor', 'staff'),
    kept('reason', 'words'),
    plain('id at action subject details hash key_id seal'),
  ],
  audit_head: [plain('one_row last_id last_hash sealed')],
  backtest_report: [
    kept('requested_by', 'staff'),
    plain(
      `id candidate_hash baseline_hash received_from received_before state requested_at requests_total requests_done
       failure figures finished_at lease_owner`,
    ),
  ],
  bid: [
    kept('status_reason', 'qi_words'),
    plain(
      `request_control_key auction_key ordinal status monthly_interest_rate number_of_installments
       disbursed_issue_amount installment_face_value issue_amount assignment_amount iof_amount monthly_cet
       disbursement_date first_due_date days_to_expiration rebates price_row submit_by auction_proposal_key
       rank_position simulation drift created_at submitted_at answered_at is_live
       marks`,
    ),
  ],
  bid_attempt: [
    kept('detail answer', 'qi_words'),
    plain('request_control_key ordinal sent_at answered_at outcome http_status'),
  ],
  consent_reminder: [plain('credit_operation_key asked_at day told_at')],
  conformance_run: [
    kept('requested_by', 'staff'),
    kept('findings stopped_because', 'qi_words'),
    plain('id started_at base_url writes state ended_at'),
  ],
  dashboard: [kept('owner name', 'staff'), plain('id is_shared created_at')],
  dashboard_view: [plain('dashboard_id place view_id')],
  decision: [
    kept('reasons trace', 'masked'),
    plain(
      `auction_key decided_at outcome policy_version policy_hash reason_codes context output_sha256 ordinal
       data_sha256`,
    ),
  ],
  export: [
    erased('filter', 'exports'),
    kept('requested_by title', 'staff'),
    plain(
      'id requested_at content schedule_id format status lease_owner begun rows_done size_bytes failure ended_at',
    ),
  ],
  export_part: [erased('bytes', 'exports'), plain('export_id ordinal')],
  export_schedule: [
    kept('owner', 'staff'),
    plain('id view_id format every weekday month_day hour next_at last_export_id created_at'),
  ],
  exposure: [
    erased('borrower_index', 'unsuccessful_auctions', 'won_loans', 'unissued_proposals'),
    erased('employer_index', 'unsuccessful_auctions', 'won_loans'),
    plain(
      `request_control_key auction_key amount monthly_interest_rate counted_on live_until status status_reason
       changed_at`,
    ),
  ],
  heard_hour: [plain('what hour count')],
  history_employer_sum: [plain('unit start employer_index requests bids won asked')],
  history_fact: [
    plain(
      `key received_at day hour product status loan policy_version reason reasons employer_index tenure_months asked
       asked_term bid_key rate term offered price_row rank seconds_left paid_on margin_is loss_row interest discount rebate funding
       prepayment expected_loss cost margin margin_rate paid_out first_due first_paid told_loss unanswered shape`,
    ),
  ],
  history_progress: [plain('one_row received_through changed_through checked_day checked_at differed')],
  history_stale_day: [plain('day')],
  history_sum: [
    plain(
      `day product policy_version dimension value requests asked bids offered rate_by_amount won lost won_amount signed
       signed_amount reserved reserved_amount paid paid_amount won_known won_margin expected paid_known
       paid_known_amount interest discount rebate funding prepayment expected_loss cost margin margin_rate_by_amount
       told told_expected_loss told_loss first_told first_paid lost_ranked second decided decided_asked
       bids_asked unanswered_won unanswered_lost`,
    ),
  ],
  idempotent_request: [
    erased('actor answer request_hash', 'repeated_requests'),
    plain('idempotency_key http_status created_at'),
  ],
  index_key: [plain('one_row key_id')],
  instance: [
    plain(
      `id host role started_at alive_until version newest_migration clock_offset_ms decides binding_stage has_api_token
       late_work late_since dry_run`,
    ),
  ],
  invitation: [
    erased('user_id totp_key_id totp_ciphertext', 'sign_ins'),
    plain('token_hash created_at expires_at ended_at'),
  ],
  kill_switch: [
    kept('actor', 'staff'),
    kept('reason', 'words'),
    plain('name engaged changed_at engaged_since'),
  ],
  limit_use: [erased('key', 'exposure_counters'), plain('name used cap revision')],
  loan_outcome: [
    plain('credit_operation_key installment due_on status paid_on paid_amount loss_amount import_id'),
  ],
  loan_outcome_import: [kept('imported_by', 'staff'), plain('id imported_at outcomes uncounted_after')],
  mail_server: [
    kept('username sender changed_by', 'staff'),
    plain('id host port security password_key_id password_ciphertext changed_at'),
  ],
  migration: [plain('id timestamp name breaks_older_code')],
  notification_attempt: [plain('delivery_id sent_at duration_ms http_status error')],
  notification_delivery: [
    kept('taken_by', 'staff'),
    plain('id event_id endpoint_id status attempts not_before lease_owner settled_at overtaken'),
  ],
  notification_endpoint: [
    kept('created_by', 'staff'),
    kept('description', 'words'),
    kept('url', 'staff'),
    plain(
      `id channel quiet_from quiet_until event_types enabled disabled_reason secret_key_id secret_ciphertext former_secret_key_id
       former_secret_ciphertext former_secret_until given_up_since failing_since created_at removed_at`,
    ),
  ],
  notification_event: [plain('id type subject occurred_at data')],
  operation: [
    erased('borrower_index borrower_key_id borrower_ciphertext', 'won_loans'),
    kept('failure_code', 'qi_words'),
    plain(
      `credit_operation_key product origin status status_since auction_key auction_proposal_key request_control_key
       disbursed_issue_amount installment_face_value number_of_installments monthly_interest_rate opened_at linked_at
       ended_at margin_status margin_since consent_asked_at consent_until`,
    ),
  ],
  operation_command: [
    erased('body_key_id body_ciphertext answer_key_id answer_ciphertext', 'bank_accounts'),
    kept('actor', 'staff'),
    kept('answer_code answer_text', 'qi_words'),
    plain(
      `id credit_operation_key action status attempts found_nothing answer_lost not_before lease_owner created_at sent_at
       settled_at settled_by http_status`,
    ),
  ],
  operation_event: [
    erased('personal_key_id personal_ciphertext', 'signature_evidence'),
    erased('refused_account_index', 'bank_accounts'),
    kept('actor', 'staff'),
    kept('summary', 'signature'),
    plain(
      `id credit_operation_key webhook_event_id kind effect from_status to_status from_margin to_margin contradiction
       event_at_text recorded_at`,
    ),
  ],
  proposal: [
    erased('borrower_index borrower_ciphertext', 'unissued_proposals', 'won_loans'),
    kept('failure_code failure_text', 'qi_words'),
    kept('created_by', 'staff'),
    kept('balance claim decision', 'masked'),
    kept('offer simulations wishes', 'contracts'),
    plain(
      `id product channel status status_since retry_at borrower_key_id balance_key balance_at policy_version
       policy_hash offer_expires_at disbursed_issue_amount control_key holds_claim credit_operation_key created_at
       ended_at`,
    ),
  ],
  proposal_batch: [
    erased('file_index', 'unissued_proposals'),
    kept('created_by', 'staff'),
    plain('id product created_at'),
  ],
  proposal_batch_line: [plain('batch_id row_number proposal_id problems')],
  proposal_command: [
    erased(
      'body_key_id body_ciphertext answer_key_id answer_ciphertext',
      'unissued_proposals',
      'bank_accounts',
    ),
    kept('actor', 'staff'),
    kept('answer_code answer_text', 'qi_words'),
    plain(
      `id proposal_id action status attempts found_nothing answer_lost not_before lease_owner created_at sent_at settled_at
       settled_by http_status`,
    ),
  ],
  proposal_event: [
    erased('personal_key_id personal_ciphertext', 'unissued_proposals', 'signature_evidence'),
    kept('actor', 'staff'),
    kept('summary', 'qi_words'),
    plain('id proposal_id webhook_event_id kind effect from_status to_status event_at_text recorded_at'),
  ],
  policy_activation: [
    kept('actor', 'staff'),
    kept('reason', 'words'),
    plain('id number hash replaced activated_at scheduled scheduled_at'),
  ],
  query_pace: [plain('product next_at')],
  query_turn: [plain('product free_at row_until')],
  policy_comment: [
    kept('author', 'staff'),
    kept('body', 'words'),
    plain('id number hash path answer_to written_at'),
  ],
  policy_diff_opening: [kept('actor', 'staff'), plain('number hash against opened_at')],
  policy_list: [kept('imported_by', 'staff'), plain('sha256 field size source imported_at is_sealed')],
  policy_list_chunk: [kept('ciphertext', 'lists'), plain('sha256 ordinal key_id')],
  policy_version: [
    kept('authors approver scheduled_by', 'staff'),
    kept('change_note own_name', 'words'),
    plain(
      `number hash document lists state based_on shadow activate_at created_at changed_at submitted_at approved_at
       approved_unseen refused_at refused_for scheduled_at scheduled_over`,
    ),
  ],
  qi_filter_change: [
    kept('proposed_by sent_by', 'staff'),
    kept('reason', 'words'),
    plain(
      `id ordinal kind status body policy_version policy_hash proposed_at sent_at lease_owner settled_at http_status
       answer`,
    ),
  ],
  rate_model_line: [
    kept('returned_by resume_asked_by', 'staff'),
    kept('returned_reason resume_reason', 'words'),
    plain('one_row returned_at returned_for returned_before_for resume_asked_at resumed_on'),
  ],
  rate_model_observation: [
    plain(
      `auction_key day decided_at segments cell price_row version lane fallback reference_bp rate_bp centre_bp arm step_bp
       propensities amount term ended rank accepted paid refused`,
    ),
  ],
  rate_model_progress: [plain('one_row decided_through ended_through')],
  rate_model_reopening: [plain('segments reading through')],
  rate_model_run: [
    kept('ordered_by', 'staff'),
    plain('id policy_hash day state reason version ordered_at finished_at lease_owner'),
  ],
  rate_model_version: [
    kept('approved_by', 'staff'),
    plain(
      `number hash document policy_hash segments trained_through parent figures made_at state stage stage_since waits_for
       approved_at`,
    ),
  ],
  reconciliation_gap: [
    plain(
      `id kind key origin_keys callback_key since found_at asked resent next_ask_at closed_at closed_as in_lost_time`,
    ),
  ],
  reconciliation_run: [
    kept('started_by', 'staff'),
    plain(
      'id lease_owner started_at ended_at result scanned_until gaps_found gaps_closed calls resent refused',
    ),
  ],
  recovery: [
    kept('confirmed_by', 'staff'),
    kept('note', 'words'),
    plain(
      'id found_at found_by sign ended_generations known_until bids_from counts asked_until confirmed_at',
    ),
  ],
  recovery_generation: [plain('only_row generation counter timeline advanced_at')],
  saved_view: [erased('query', 'saved_views'), kept('owner name', 'staff'), plain('id page created_at')],
  session: [
    erased('user_id method created_at seen_at', 'sign_ins'),
    plain('id token_hash expires_at ended_at'),
  ],
  shadow_decision: [kept('reasons', 'masked'), plain('auction_key policy_hash decided_at outcome terms')],
  sign_in_throttle: [erased('subject', 'sign_ins'), plain('failures until')],
  task: [
    kept('owner resolved_by', 'staff'),
    kept('resolution', 'words'),
    plain(
      `id kind credit_operation_key auction_key proposal_id reason_code message amount_at_stake due_at status snoozed_until
       opened_at resolved_at version`,
    ),
  ],
  task_history: [kept('actor', 'staff'), kept('note', 'words'), plain('id task_id action at')],
  watcher: [plain('sign seen_at')],
  webhook_event: [
    erased('raw_ciphertext authorization_header', 'unsuccessful_auctions', 'won_loans', 'raw_webhooks'),
    kept('settled_by', 'staff'),
    plain(
      `id content_hash received_at webhook_type event_key event_status event_at_text raw_key_id status reason
       correlation_key attempts not_before lease_owner handled_at settled_at`,
    ),
  ],
};
