import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/**
 * The bid history at ten million auctions: whatever is filtered by, its newest are found in order and none is read in
 * vain. What stands in another table than the auction is repeated beside the time of receipt, by which lists are sorted.
 */
export class Facets1700000009000 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- Something that many auctions have in common: "reason:NOT_ELIGIBLE", "policy:12".
      CREATE TABLE auction_facet (
        facet text NOT NULL,
        received_at timestamptz NOT NULL,
        issuer_proposal_request_key text NOT NULL,
        PRIMARY KEY (facet, received_at, issuer_proposal_request_key)
      );
      CREATE FUNCTION facets_of(reason_codes text[], policy_version text) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT 'reason:' || code FROM unnest(reason_codes) AS code
        UNION ALL SELECT 'policy:' || policy_version
      $$;
      CREATE FUNCTION keep_facets() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO auction_facet
        SELECT facet, received_at, issuer_proposal_request_key
        FROM auction, facets_of(NEW.reason_codes, NEW.policy_version) AS facet WHERE issuer_proposal_request_key = NEW.auction_key;
        RETURN NULL;
      END $$;
      -- A decision is written once and never changed.
      CREATE TRIGGER decision_facets AFTER INSERT ON decision FOR EACH ROW EXECUTE FUNCTION keep_facets();
      INSERT INTO auction_facet
      SELECT facet, received_at, issuer_proposal_request_key
      FROM decision JOIN auction ON issuer_proposal_request_key = auction_key,
        facets_of(reason_codes, policy_version) AS facet;
      DROP INDEX decision_reasons, decision_policy;

      CREATE INDEX auction_term ON auction (requested_installments, received_at, issuer_proposal_request_key);
      CREATE INDEX auction_amount ON auction (requested_amount);
      CREATE INDEX bid_rate ON bid (monthly_interest_rate, auction_key);
    `);
  }
}
