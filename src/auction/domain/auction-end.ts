/** What QI's end_of_auction says of one of our proposals (manual 003, section 2.5). */
export interface AuctionEnd {
  /** Undefined of a loss that names the request alone: we may have had no proposal in it. */
  readonly auctionProposalKey: string | undefined;
  readonly issuerProposalRequestKey: string | undefined;
  /**
   * won: status `won` and an operation key. lost: no operation key, whatever the word.
   * unclear: any other combination; a person must look (the manuals do not print a loss).
   */
  readonly outcome: 'won' | 'lost' | 'unclear';
  /** QI's own word, kept for the record. */
  readonly status: string;
  readonly rankPosition: number | undefined;
  readonly creditOperationKey: string | undefined;
}
