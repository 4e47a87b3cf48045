import { Alert, Badge, Button, Paper, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { api, type ProposalDetail } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { date, dateTime, reais } from '../../format/format';
import { ConfirmDialog } from '../../parts/confirm-dialog';
import { useAction } from '../../parts/use-action';
import { NO_PAYROLL_WISH, payrollWishOf } from './payroll-wish';
import { PayrollWishInput } from './payroll-wish-input';

type Link = NonNullable<ProposalDetail['balance']>['links'][number];

/** The employment links of a servant beside each other, for a person to choose by authority and registration. */
export function Margin({
  proposal,
  mayChoose,
}: {
  readonly proposal: ProposalDetail;
  readonly mayChoose: boolean;
}) {
  const [chosen, setChosen] = useState<string>();
  const { balance } = proposal;
  if (balance === null || balance.links.length === 0) return null;
  return (
    <Paper p="md">
      <Title order={2} mb={4}>
        Vínculos e margens
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        Informados pelo SIAPE em {dateTime(balance.received_at)}. A parcela cabe na margem do vínculo
        escolhido.
      </Text>
      {balance.links.map(({ id, authorization_warning: warning, is_chosen: isChosen }) =>
        warning === null || (!isChosen && balance.links.length > 1) ? null : (
          <Alert key={id} color="orange" mb="sm" title="Autorização do servidor">
            {warning}
          </Alert>
        ),
      )}
      <Table.ScrollContainer minWidth={160 + 200 * balance.links.length}>
        <Table aria-label="Vínculos" verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Td />
              {balance.links.map(({ id, is_chosen: isChosen }) => (
                <Table.Th key={id} data-link={id}>
                  {id} {isChosen && <Badge tt="none">escolhido</Badge>}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {ROWS.map(([label, shown]) => (
              <Table.Tr key={label}>
                <Table.Th scope="row" fw={500}>
                  {label}
                </Table.Th>
                {balance.links.map((link) => (
                  <Table.Td key={link.id}>{shown(link)}</Table.Td>
                ))}
              </Table.Tr>
            ))}
            {mayChoose && (
              <Table.Tr>
                <Table.Td />
                {balance.links.map(({ id }) => (
                  <Table.Td key={id}>
                    <Button
                      size="xs"
                      variant="light"
                      aria-label={`Simular no vínculo ${id}`}
                      onClick={() => {
                        setChosen(id);
                      }}
                    >
                      Simular neste vínculo
                    </Button>
                  </Table.Td>
                ))}
              </Table.Tr>
            )}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {chosen !== undefined && (
        <SimulateOnLink
          proposalId={proposal.id}
          link={chosen}
          contracts={proposal.own_contracts.filter(({ link }) => link === chosen)}
          onClose={() => {
            setChosen(undefined);
          }}
        />
      )}
    </Paper>
  );
}

const unknown = (text: string | null): string => text ?? 'não informado';

const ROWS: readonly (readonly [label: string, shown: (link: Link) => string])[] = [
  ['Órgão', ({ authority, authority_code: code }) => `${code} ${authority ?? ''}`],
  ['Matrícula', ({ registration }) => registration],
  ['Situação', ({ situation }) => unknown(situation)],
  ['Margem livre por mês', ({ margin }) => (margin === null ? unknown(null) : reais(margin))],
  ['Já consignado por mês', ({ consigned }) => (consigned === null ? unknown(null) : reais(consigned))],
  ['Margem de cartão', ({ card_margin: card }) => (card === null ? unknown(null) : reais(card))],
  [
    'Autorizou a QI',
    ({ is_authorized: isAuthorized }) =>
      isAuthorized === null ? unknown(null) : isAuthorized ? 'sim' : 'não',
  ],
  ['Autorização até', ({ authorized_until: until }) => (until === null ? unknown(null) : date(until))],
];

function SimulateOnLink({
  proposalId,
  link,
  contracts,
  onClose,
}: {
  readonly proposalId: string;
  readonly link: string;
  readonly contracts: ProposalDetail['own_contracts'];
  readonly onClose: () => void;
}) {
  const [wish, setWish] = useState(NO_PAYROLL_WISH);
  const acting = useAction(
    (key) =>
      api.POST('/api/v1/proposals/{id}/simulate', {
        params: { path: { id: proposalId } },
        headers: { 'Idempotency-Key': key },
        // The service checks it, and says of each field what is wrong.
        body: { wishes: payrollWishOf(wish, link) } as never,
      }),
    'Simulação a caminho da QI.',
    onClose,
  );
  const problems = acting.error instanceof ApiProblem ? acting.error.fields : {};
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={`Simular no vínculo ${link}`}
      consequence="As ofertas são feitas sobre a margem deste vínculo; as de agora deixam de valer."
      verb="Simular"
      acting={acting}
      fields={['amount', 'installments', 'functional_situation', 'contract_ends_on', 'refinancing']}
    >
      <PayrollWishInput wish={wish} problems={problems} contracts={contracts} onChange={setWish} />
    </ConfirmDialog>
  );
}
