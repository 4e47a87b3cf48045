import { Box, Text } from '@mantine/core';
import type { ProposalStep, StepState } from './proposal-steps';

const MARK: Readonly<Record<StepState, string>> = { done: '✓', now: '●', stopped: '!', ahead: '–' };
const COLOR: Readonly<Record<StepState, string | undefined>> = {
  done: 'teal',
  now: undefined,
  stopped: 'orange',
  ahead: 'dimmed',
};
const SAID: Readonly<Record<StepState, string>> = {
  done: 'feito',
  now: 'agora',
  stopped: 'parou aqui',
  ahead: 'falta',
};

/** The way of a proposal as words in a row; where it stands is bold, and said. */
export function StepList({ steps }: { readonly steps: readonly ProposalStep[] }) {
  return (
    <Box
      component="ol"
      aria-label="Etapas"
      m={0}
      p={0}
      style={{ display: 'flex', flexWrap: 'wrap', gap: '0.5rem 1.5rem', listStyle: 'none' }}
    >
      {steps.map(({ name, state }) => (
        <li key={name} aria-current={state === 'now' || state === 'stopped' ? 'step' : undefined}>
          <Text
            size="sm"
            fw={state === 'now' || state === 'stopped' ? 700 : 400}
            c={state === 'ahead' ? 'dimmed' : undefined}
          >
            <Text span c={COLOR[state]} aria-hidden="true">
              {MARK[state]}
            </Text>{' '}
            {name}
            <Text span size="xs" c="dimmed">
              {' '}
              {SAID[state]}
            </Text>
          </Text>
        </li>
      ))}
    </Box>
  );
}
