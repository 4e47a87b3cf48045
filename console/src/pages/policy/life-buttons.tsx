import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { api, type PolicyVersion } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { instantOf } from '../../format/format';
import { ConfirmDialog } from '../../parts/confirm-dialog';
import { LaterMoment } from '../../parts/later-moment';
import { tellDone } from '../../parts/notices';
import { ReasonInput } from '../../parts/reason-input';
import { useSession } from '../../session/session-provider';
import { HELP } from '../../words/help-words';
import { TriedOn, useBacktests } from './backtests';
import { BeforeApproval } from './before-approval';
import { reviewKey, useReview } from './reviews';
import { useReplaced } from './standing';
import { useNewDraft } from './use-new-draft';

const Overtaken = lazy(() => import('./overtaken').then((alert) => ({ default: alert.Overtaken })));
const AlsoScheduled = lazy(() => import('./overtaken').then((alert) => ({ default: alert.AlsoScheduled })));

type State = PolicyVersion['state'];

interface Step {
  readonly verb: 'discard' | 'submit' | 'approve' | 'send_back' | 'activate' | 'schedule' | 'unschedule';
  readonly from: readonly State[];
  readonly permission: string;
  readonly label: string;
  readonly consequence: string;
  readonly needs?: 'reason' | 'time' | 'change_note';
  readonly color?: string;
  /** Nobody judges what they wrote themselves. */
  readonly notByAuthors?: boolean;
  readonly isMain?: boolean;
}

/** What QI sends is set apart, by two people of its own: a version that takes more gets none of it before. */
const FILTER_STAYS =
  'O filtro da QI continua como está: se esta versão aceita mais pedidos, peça depois a mudança dele em Saúde.';

const STEPS: readonly Step[] = [
  {
    verb: 'discard',
    from: ['draft'],
    permission: 'policies.write_values',
    label: 'Descartar rascunho',
    consequence: 'O rascunho some para sempre, com tudo o que foi escrito nele.',
    color: 'red',
  },
  {
    verb: 'submit',
    from: ['draft'],
    permission: 'policies.write_values',
    label: 'Enviar para revisão',
    consequence: 'O rascunho não muda mais. Outra pessoa aprova ou devolve.',
    needs: 'change_note',
    isMain: true,
  },
  {
    verb: 'approve',
    from: ['in_review'],
    permission: 'policies.approve',
    label: 'Aprovar',
    consequence: 'A versão pode ser ativada. Quem escreveu qualquer parte dela não pode aprovar.',
    notByAuthors: true,
    isMain: true,
  },
  {
    verb: 'send_back',
    from: ['in_review'],
    permission: 'policies.approve',
    label: 'Devolver',
    consequence: 'Volta a ser rascunho, para os autores mudarem.',
    needs: 'reason',
  },
  {
    verb: 'schedule',
    from: ['approved'],
    permission: 'policies.activate',
    label: 'Agendar',
    consequence: `Passa a decidir na hora marcada, em todos os processos. ${FILTER_STAYS}`,
    needs: 'time',
  },
  {
    verb: 'unschedule',
    from: ['scheduled'],
    permission: 'policies.activate',
    label: 'Desmarcar',
    consequence: 'Volta a estar aprovada, sem hora marcada.',
    needs: 'reason',
  },
  {
    verb: 'activate',
    from: ['approved', 'scheduled', 'retired'],
    permission: 'policies.activate',
    label: 'Ativar',
    consequence: `Passa a decidir os próximos leilões em todos os processos, em até dois segundos. ${FILTER_STAYS}`,
    needs: 'reason',
    color: 'red',
    isMain: true,
  },
];

/** What was read is so no more: it is read anew behind the dialog, and by whoever opens it again. */
const CHANGED = ['in_force_changed', 'changed_meanwhile'];
/** After which it decides, at once or at its time. */
const PUTTING_IN_FORCE: readonly Step['verb'][] = ['schedule', 'activate'];
/** After which it decides, or may. */
const REPLACING: readonly Step['verb'][] = ['approve', ...PUTTING_IN_FORCE];

/** The next steps of a version that its state and one's roles allow; what is a draft no more goes on as a copy. */
export function LifeButtons({ version }: { readonly version: PolicyVersion }) {
  const { may, session } = useSession();
  const steps = STEPS.filter(
    ({ from, permission, notByAuthors }) =>
      from.includes(version.state) &&
      may(permission) &&
      !(notByAuthors === true && version.authors.includes(session.actor)),
  );
  return (
    <>
      {version.state === 'in_review' && version.authors.includes(session.actor) && (
        <Text size="sm" c="dimmed">
          Outra pessoa aprova
        </Text>
      )}
      {version.state !== 'draft' && may('policies.write_values') && <CopyButton number={version.number} />}
      {steps.map((step) => (
        <StepButton key={step.verb} step={step} version={version} />
      ))}
    </>
  );
}

function CopyButton({ number }: { readonly number: number }) {
  const copy = useNewDraft(number);
  return (
    <Button
      variant="default"
      loading={copy.isPending}
      onClick={() => {
        copy.mutate();
      }}
    >
      Copiar como rascunho
    </Button>
  );
}

function StepButton({ step, version }: { readonly step: Step; readonly version: PolicyVersion }) {
  const [isOpen, { open, close }] = useDisclosure();
  // The page moves on behind the dialog, which is about the version as it was when it was opened.
  const [seen, setSeen] = useState(version);
  const former = useReview(version).data?.change_note ?? '';
  const [written, setWritten] = useState<string>();
  const text = written ?? (step.needs === 'change_note' ? former : '');
  const [at, setAt] = useState<string | null>(null);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const label = step.verb === 'activate' && version.state === 'retired' ? 'Voltar a esta versão' : step.label;
  const replaced = useReplaced(version, isOpen && REPLACING.includes(step.verb));
  const readAnew = () =>
    Promise.all(
      [['policy'], ['policy-standing'], ['policies']].map((queryKey) =>
        queries.invalidateQueries({ queryKey }),
      ),
    );
  const acting = useMutation({
    mutationFn: () => take(step, seen, { words: text.trim(), at, inForce: replaced.inForce }),
    onError: async (error) => {
      if (!(error instanceof ApiProblem)) return;
      if (error.isUnanswered) void readAnew(); // of that people are told at once
      else if (CHANGED.includes(error.type)) await readAnew();
    },
    onSuccess: async () => {
      tellDone(`${label}: feito.`);
      close();
      if (step.verb === 'discard') {
        await navigate({ to: '/politica' });
        queries.removeQueries({ queryKey: ['policy', String(version.number)] });
      } else await queries.invalidateQueries({ queryKey: ['policy'] });
      await queries.invalidateQueries({ queryKey: ['policies'] });
      await queries.invalidateQueries({ queryKey: ['policy-standing'] });
      await queries.invalidateQueries({ queryKey: reviewKey(version.number) });
    },
  });
  const asksForWords = step.needs === 'reason' || step.needs === 'change_note';
  const isCompared = !PUTTING_IN_FORCE.includes(step.verb) || replaced.inForce !== undefined;
  const isReady =
    isCompared && (!asksForWords || text.trim() !== '') && (step.needs !== 'time' || at !== null);
  return (
    <>
      <Button
        variant={step.isMain === true ? 'filled' : 'default'}
        onClick={() => {
          setSeen(version);
          open();
        }}
      >
        {label}
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onClose={close}
        title={`${label}: versão ${String(version.number)}`}
        consequence={step.consequence}
        verb={label}
        color={step.color ?? 'felt'}
        isReady={isReady}
        acting={acting}
      >
        {REPLACING.includes(step.verb) && (
          <Suspense>
            <Overtaken version={version} replaced={replaced} />
          </Suspense>
        )}
        {PUTTING_IN_FORCE.includes(step.verb) && (
          <Suspense>
            <AlsoScheduled version={version} />
          </Suspense>
        )}
        {step.verb === 'activate' && version.state !== 'retired' && <TriedBefore version={version} />}
        {step.verb === 'approve' && <BeforeApproval version={version} />}
        {step.needs === 'reason' && <ReasonInput value={text} onChange={setWritten} />}
        {step.needs === 'change_note' && (
          <ReasonInput
            label="Nota de mudança"
            description="O que muda e por quê. Quem aprova lê isto primeiro."
            value={text}
            onChange={setWritten}
          />
        )}
        {step.needs === 'time' && (
          <LaterMoment label="Quando" description={HELP.policy.activateAt} value={at} onChange={setAt} />
        )}
      </ConfirmDialog>
    </>
  );
}

function TriedBefore({ version }: { readonly version: PolicyVersion }) {
  return <TriedOn activation={useBacktests(version).data?.activation ?? null} />;
}

interface Given {
  readonly words: string;
  readonly at: string | null;
  /** The version in force that was shown: the service replaces no other unseen. */
  readonly inForce: number | undefined;
}

function take(
  { verb }: Step,
  { number, hash, activate_at: shown }: PolicyVersion,
  { words, at, inForce }: Given,
): Promise<unknown> {
  const params = { path: { number } };
  // What was read is what is approved, handed in or thrown away: the service compares.
  const asRead = { header: { 'If-Match': `"${hash}"` } };
  switch (verb) {
    case 'discard':
      return api.DELETE('/api/v1/policies/{number}', { params: { ...params, ...asRead } });
    case 'submit':
      return api.POST('/api/v1/policies/{number}/submit', {
        params: { ...params, ...asRead },
        body: { change_note: words },
      });
    case 'unschedule':
      return api.POST('/api/v1/policies/{number}/unschedule', {
        params,
        body: { reason: words, ...(shown !== null && { activate_at: shown }) },
      });
    case 'schedule':
      return api.POST('/api/v1/policies/{number}/schedule', {
        params,
        body: { activate_at: instantOf(at ?? ''), in_force: inForce },
      });
    case 'approve':
      return api.POST('/api/v1/policies/{number}/approve', { params: { ...params, ...asRead } });
    case 'send_back':
      return api.POST('/api/v1/policies/{number}/send_back', {
        params: { ...params, ...asRead },
        body: { reason: words },
      });
    case 'activate':
      return api.POST('/api/v1/policies/{number}/activate', {
        params,
        body: { reason: words, in_force: inForce },
      });
  }
}
