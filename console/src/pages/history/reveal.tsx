import { api, bodyOf } from '../../api/client';
import { date, taxpayer } from '../../format/format';
import { Facts } from '../../parts/facts';
import { ShownForAReason } from '../../parts/shown-for-a-reason';

const FIELDS = ['name', 'document_number', 'birth_date', 'registration'] as const;

/** The borrower unmasked. */
export function Reveal({ auctionKey }: { readonly auctionKey: string }) {
  const read = (reason: string) =>
    bodyOf(
      api.POST('/api/v1/auctions/{issuer_proposal_request_key}/reveal', {
        params: { path: { issuer_proposal_request_key: auctionKey } },
        body: { fields: [...FIELDS], reason },
      }),
    );
  return (
    <ShownForAReason
      title="Ver dados pessoais"
      warning="Quem viu, o quê e por quê fica na trilha de auditoria."
      read={read}
    >
      {({ values }) => (
        <Facts
          items={[
            ['Nome', values.name ?? '–'],
            ['CPF', taxpayer(values.document_number)],
            ['Nascimento', date(values.birth_date)],
            ['Matrícula', values.registration ?? '–'],
          ]}
        />
      )}
    </ShownForAReason>
  );
}
