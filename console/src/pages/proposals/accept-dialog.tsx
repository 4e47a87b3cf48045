import { Select, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { api, type ProposalDetail } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { monthlyRate } from '../../format/format';
import { ConfirmDialog } from '../../parts/confirm-dialog';
import { Facts } from '../../parts/facts';
import { useAction } from '../../parts/use-action';
import { useServiceClock } from '../../shell/use-service-now';
import {
  ACCEPTANCE_CHANNEL,
  FIGURE,
  PROPOSAL_ACTION,
  PROPOSAL_CONSEQUENCE,
} from '../../words/proposal-words';
import { optionsOf, wordOf } from '../../words/words';
import { shownFigure, type Figures, type OfferFigure } from './offer-figures';
import { HELP } from '../../words/help-words';

type Channel = 'in_person' | 'website' | 'app';
const CHANNELS = optionsOf(ACCEPTANCE_CHANNEL);

/** That the client said yes: to exactly these figures, where, and to which text. */
export function AcceptDialog({
  proposalId,
  shown,
  simulation,
  offeredAt,
  figures,
  onClose,
}: {
  readonly proposalId: string;
  readonly shown: readonly OfferFigure[];
  readonly simulation: ProposalDetail['simulations'][number];
  /** `status_since` of the proposal when these figures were shown. */
  readonly offeredAt: string;
  readonly figures: Figures;
  readonly onClose: () => void;
}) {
  const serviceNow = useServiceClock();
  const [channel, setChannel] = useState<string | null>(null);
  const [textVersion, setTextVersion] = useState('');
  const [device, setDevice] = useState('');
  // When the client said yes does not move with a repetition: the service knows one by its whole words.
  const said = useRef({ key: '', at: '' });
  const accepting = useAction(
    (key) => {
      if (said.current.key !== key) said.current = { key, at: new Date(serviceNow()).toISOString() };
      return api.POST('/api/v1/proposals/{id}/accept', {
        params: { path: { id: proposalId } },
        headers: { 'Idempotency-Key': key },
        body: {
          fee_table: simulation.fee_table,
          disbursed_issue_amount: figures.disbursed_issue_amount,
          total_amount: figures.total_amount,
          offered_at: offeredAt,
          channel: channel as Channel,
          text_version: textVersion.trim(),
          accepted_at: said.current.at,
          ...(device.trim() !== '' && { device: device.trim() }),
        },
      });
    },
    'Aceite registrado.',
    onClose,
  );
  const problems = accepting.error instanceof ApiProblem ? accepting.error.fields : {};
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={wordOf(PROPOSAL_ACTION, 'accept')}
      consequence={PROPOSAL_CONSEQUENCE['accept']}
      verb="Registrar"
      isReady={channel !== null && textVersion.trim() !== ''}
      acting={accepting}
      fields={['channel', 'text_version', 'device']}
    >
      <Facts
        items={[
          ['Oferta', simulation.label],
          ['Taxa', monthlyRate(simulation.monthly_interest_rate)],
          ...shown.map(
            (figure) =>
              [
                wordOf(FIGURE, figure),
                <span key={figure} style={{ whiteSpace: 'pre-line' }}>
                  {shownFigure(figure, figures)}
                </span>,
              ] as const,
          ),
        ]}
      />
      <Select
        label="Onde o cliente aceitou"
        description={HELP.acceptance.channel}
        data={CHANNELS}
        required
        value={channel}
        error={problems['channel']}
        onChange={setChannel}
      />
      <TextInput
        label="Versão do texto aceito"
        description={HELP.acceptance.text}
        required
        value={textVersion}
        error={problems['text_version']}
        onChange={({ currentTarget: { value } }) => {
          setTextVersion(value);
        }}
      />
      <TextInput
        label="Aparelho em que o cliente aceitou"
        description={HELP.acceptance.device}
        value={device}
        error={problems['device']}
        onChange={({ currentTarget: { value } }) => {
          setDevice(value);
        }}
      />
    </ConfirmDialog>
  );
}
