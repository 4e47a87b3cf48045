import { Alert, Anchor, List, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api, bodyOf, type PolicyVersion } from '../../api/client';
import { count, dateTime } from '../../format/format';
import { Loaded } from '../../parts/states';
import { actorWord } from '../../words/words';
import { BacktestFigures } from './backtest-figures';
import { TriedOn, useBacktests } from './backtests';
import { Thread } from './comments';
import { DiffPanel } from './diff-panel';
import { measuredIn } from './measured';
import { TAB_LABEL, type Tab } from './places';
import type { Product } from './product-view';
import { useReview } from './reviews';

/** Everything a second person weighs before they approve, on one page: why, whether it holds, what it does, what changes. */
export function ReviewPanel({
  version,
  product,
  isChanged,
  onGo,
}: {
  readonly version: PolicyVersion;
  readonly product: Product;
  readonly isChanged: boolean;
  readonly onGo: (tab: Tab, product: Product) => void;
}) {
  const go = (tab: Tab) => () => {
    onGo(tab, product);
  };
  return (
    <Stack gap="lg">
      <Why version={version} />
      <Section title="Casos de teste e conferências">
        <Holds version={version} onGo={go} />
      </Section>
      <Section title="Impacto">
        <Impact version={version} onGo={go} />
      </Section>
      <Section title="O que muda">
        <DiffPanel version={version} isChanged={isChanged} />
      </Section>
    </Stack>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title}>
      <Title order={2} size="h4" mb="xs">
        {title}
      </Title>
      {children}
    </section>
  );
}

function Why({ version }: { readonly version: PolicyVersion }) {
  const query = useReview(version);
  return (
    <Section title="Nota de mudança">
      <Loaded query={query} lines={2}>
        {({ change_note: note, comments, opened }) => (
          <Stack gap="xs">
            {note === null ? (
              <Text size="sm" c="dimmed">
                Os autores não escreveram por que a versão muda.
              </Text>
            ) : (
              <Text size="sm" className="breaks" style={{ whiteSpace: 'pre-line' }}>
                {note}
              </Text>
            )}
            {opened.length > 0 && (
              <Text size="xs" c="dimmed">
                Abriram a diferença:{' '}
                {opened.map(({ actor, opened_at: at }) => `${actorWord(actor)} (${dateTime(at)})`).join(', ')}
              </Text>
            )}
            <Thread
              number={version.number}
              path=""
              comments={comments.filter(({ path }) => path === '')}
              isOpen
            />
          </Stack>
        )}
      </Loaded>
    </Section>
  );
}

interface PartProps {
  readonly version: PolicyVersion;
  readonly onGo: (tab: Tab) => () => void;
}

function Holds({ version: { number, hash }, onGo }: PartProps) {
  const query = useQuery({
    queryKey: ['policy-examination', number, hash],
    queryFn: () => bodyOf(api.GET('/api/v1/policies/{number}/examination', { params: { path: { number } } })),
  });
  return (
    <Loaded query={query} lines={2}>
      {({ tests, findings }) => {
        const failing = tests.filter(({ passed }) => !passed);
        const isSound = failing.length === 0 && findings.length === 0;
        return (
          <Alert color={failing.length > 0 ? 'red' : isSound ? 'teal' : 'yellow'} data-holds={isSound}>
            <Text size="sm">
              {count(tests.length - failing.length)} de {count(tests.length)} casos passam.{' '}
              <GoTo tab={failing.length > 0 ? 'casos' : 'conferencias'} onGo={onGo} />
            </Text>
            <List size="sm">
              {failing.map(({ name }) => (
                <List.Item key={name}>Falha: {name}</List.Item>
              ))}
              {findings.map(({ severity, path, message }) => (
                <List.Item key={`${path} ${message}`}>
                  {severity === 'error' ? 'Erro' : 'Aviso'}: {message}
                </List.Item>
              ))}
            </List>
          </Alert>
        );
      }}
    </Loaded>
  );
}

function Impact({ version, onGo }: PartProps) {
  const query = useBacktests(version);
  return (
    <Loaded query={query} lines={4}>
      {({ items, activation }) => {
        const figures = measuredIn(items);
        return (
          <Stack gap="sm">
            <TriedOn activation={activation} />
            {figures === undefined ? (
              <Alert color="yellow">
                O impacto desta versão ainda não foi medido. <GoTo tab="impacto" onGo={onGo} />
              </Alert>
            ) : (
              <>
                <BacktestFigures figures={figures} isShort />
                <Text size="sm">
                  <GoTo tab="impacto" onGo={onGo} />
                </Text>
              </>
            )}
          </Stack>
        );
      }}
    </Loaded>
  );
}

function GoTo({ tab, onGo }: { readonly tab: Tab; readonly onGo: PartProps['onGo'] }) {
  return (
    <Anchor component="button" type="button" size="sm" onClick={onGo(tab)}>
      Ver em {TAB_LABEL[tab]}
    </Anchor>
  );
}
