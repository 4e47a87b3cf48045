/** The key under which webhooks wait for an auction that has not arrived. */
export function auctionCorrelation(issuerProposalRequestKey: string): string {
  return `auction:${issuerProposalRequestKey}`;
}
