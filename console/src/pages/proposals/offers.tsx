import { Button, Paper, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { ProposalDetail } from '../../api/client';
import { dateTime, monthlyRate } from '../../format/format';
import { FIGURE } from '../../words/proposal-words';
import { wordOf } from '../../words/words';
import { AcceptDialog } from './accept-dialog';
import { figuresOf, isShownBeside, offeredFigures, shownFigure, type OfferFigure } from './offer-figures';

type Simulation = ProposalDetail['simulations'][number];
/** The fee tables beside each other: what each pays out and costs, and QI's own figures where they differ. */
export function Offers({
  proposal,
  mayAccept,
}: {
  readonly proposal: ProposalDetail;
  readonly mayAccept: boolean;
}) {
  // As it was shown when it was pressed: the proposal is read again every few seconds, and may be simulated anew.
  const [accepting, setAccepting] = useState<{
    readonly simulation: Simulation;
    readonly offeredAt: string;
  }>();
  const { simulations, offer_expires_at: expiry } = proposal;
  if (simulations.length === 0 && accepting === undefined) return null;
  const shown = figuresOf(
    proposal.product,
    simulations.map(({ figures }) => figures),
  );
  return (
    <Paper p="md">
      <Title order={2} mb={4}>
        Ofertas
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {expiry === null ? 'Ainda não podem ser aceitas.' : `Valem até ${dateTime(expiry)}.`}
      </Text>
      <Table.ScrollContainer minWidth={160 + 190 * simulations.length}>
        <Table aria-label="Ofertas" verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Td />
              {simulations.map((simulation) => (
                <Table.Th key={simulation.fee_table} data-offer={simulation.fee_table}>
                  {simulation.label}
                  <Text size="sm">{monthlyRate(simulation.monthly_interest_rate)}</Text>
                  {proposal.offer?.fee_table === simulation.fee_table && (
                    <Text size="sm">aceita pelo cliente</Text>
                  )}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {simulations.some(({ problem }) => problem !== null) && <Problems simulations={simulations} />}
            {shown.map((figure) => (
              <FigureRow key={figure} figure={figure} simulations={simulations} />
            ))}
            {mayAccept && (
              <Table.Tr>
                <Table.Td />
                {simulations.map((simulation) => (
                  <Table.Td key={simulation.fee_table}>
                    {simulation.figures !== null && (
                      <Button
                        size="xs"
                        aria-label={`Registrar o aceite: ${simulation.label}`}
                        onClick={() => {
                          setAccepting({ simulation, offeredAt: proposal.status_since });
                        }}
                      >
                        Registrar o aceite
                      </Button>
                    )}
                  </Table.Td>
                ))}
              </Table.Tr>
            )}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {accepting?.simulation.figures != null && (
        <AcceptDialog
          proposalId={proposal.id}
          shown={figuresOf(proposal.product, [accepting.simulation.figures])}
          simulation={accepting.simulation}
          offeredAt={accepting.offeredAt}
          figures={offeredFigures(accepting.simulation.figures, accepting.simulation.qi)}
          onClose={() => {
            setAccepting(undefined);
          }}
        />
      )}
    </Paper>
  );
}

function Problems({ simulations }: { readonly simulations: readonly Simulation[] }) {
  return (
    <Table.Tr>
      <Table.Th scope="row">Sem oferta</Table.Th>
      {simulations.map(({ fee_table: table, problem }) => (
        <Table.Td key={table}>{problem?.message ?? '–'}</Table.Td>
      ))}
    </Table.Tr>
  );
}

function FigureRow({
  figure,
  simulations,
}: {
  readonly figure: OfferFigure;
  readonly simulations: readonly Simulation[];
}) {
  const isMain = figure === 'disbursed_issue_amount';
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500}>
        {wordOf(FIGURE, figure)}
      </Table.Th>
      {simulations.map(({ fee_table: table, figures, qi, differences }) => (
        <Table.Td key={table} style={{ verticalAlign: 'top' }}>
          <Text size={isMain ? 'lg' : 'sm'} fw={isMain ? 700 : 400} style={{ whiteSpace: 'pre-line' }}>
            {figures === null ? '–' : shownFigure(figure, figures)}
          </Text>
          {qi !== null && (differences.includes(figure) || isShownBeside(figure, figures, qi)) && (
            <Text size="xs" fw={600} style={{ whiteSpace: 'pre-line' }}>
              QI: {shownFigure(figure, qi)}
            </Text>
          )}
        </Table.Td>
      ))}
    </Table.Tr>
  );
}
