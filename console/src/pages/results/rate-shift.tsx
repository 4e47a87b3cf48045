import { Alert, Button, Group, NumberInput, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf, type RateShiftAnswer } from '../../api/client';
import { sentenceOf } from '../../api/problem';
import { count, decimal, percent, reais } from '../../format/format';
import { WHAT_IF_REFUSAL } from '../../words/rate-words';
import { wordOf } from '../../words/words';
import { HELP } from '../../words/help-words';
import { periodInWords } from './period';

interface Props {
  readonly from: string;
  readonly to: string;
  readonly policy?: string | undefined;
}

/** What would have come of the same bids at rates some basis points away, or why that cannot be told. */
export function RateShift({ from, to, policy }: Props) {
  const [points, setPoints] = useState<number | string>(-10);
  const question = { basis_points: Number(points), from, to, ...(policy && { policy }) };
  // Asked when somebody wants to know; an answer belongs to its question and is shown with no other.
  const query = useQuery({
    queryKey: ['rate-shift', question],
    enabled: false,
    queryFn: () => bodyOf(api.GET('/api/v1/history/rate-shift', { params: { query: question } })),
  });
  return (
    <Paper p="md" component="section" aria-label="E se a taxa fosse outra">
      <Title order={2}>E se a taxa fosse outra</Title>
      <Text size="sm" c="dimmed" mb="sm">
        Os mesmos lances do período, cada um tantos pontos-base acima ou abaixo (10 pb = 0,10% a.m.)
      </Text>
      <Group align="flex-start" className="filters">
        <NumberInput
          label="Pontos-base"
          description={HELP.look.points}
          min={-100}
          max={100}
          step={5}
          w={140}
          value={points}
          onChange={setPoints}
        />
        <Button
          variant="default"
          loading={query.isFetching}
          disabled={points === '' || Number(points) === 0}
          onClick={() => {
            void query.refetch();
          }}
        >
          Estimar
        </Button>
      </Group>
      {query.error !== null && (
        <Alert color="red" mt="sm" role="alert">
          {sentenceOf(query.error)}
        </Alert>
      )}
      {query.isSuccess && (
        <Stack gap="xs" mt="sm">
          <Text size="sm">
            Com {signed(Number(points))} pb no período de {periodInWords({ from, to })}
            {policy && `, versão ${policy}`}.
          </Text>
          <Answer answer={query.data} />
        </Stack>
      )}
    </Paper>
  );
}

const signed = (value: number): string => `${value > 0 ? '+' : ''}${count(value)}`;
const tenth = (value: number): string => decimal(value.toFixed(1), 1);
const money = (value: number): string => reais(value.toFixed(2));

function Answer({ answer }: { readonly answer: RateShiftAnswer }) {
  const { bids, looked_at: looked, because, wins, margin, tried } = answer;
  const sample = `Em ${count(bids)} lances de resultado conhecido; ${count(looked)} precificados de novo.`;
  return (
    <>
      {tried !== null && <Tried tried={tried} />}
      {wins === null ? (
        <Alert color="yellow" title="Os dados não sustentam uma estimativa">
          {because}
        </Alert>
      ) : (
        <Alert
          color="blue"
          title={`${tenth(wins.value)} leilões ganhos a mais (de ${tenth(wins.low)} a ${tenth(wins.high)})`}
        >
          {margin === null
            ? 'Em reais não se sabe: há lances demais sem margem calculada. '
            : `Na margem: ${money(margin.value)} (de ${money(margin.low)} a ${money(margin.high)}, 95% de confiança). `}
          {because} {sample}
        </Alert>
      )}
    </>
  );
}

/** From rates that were drawn by chance: nothing has to be supposed alike. */
function Tried({ tried }: { readonly tried: NonNullable<RateShiftAnswer['tried']> }) {
  const { refused, margin, effective_sample: sample, bids, days, share_needed: share } = tried;
  const equal = `Amostra efetiva de ${count(Math.floor(sample))} lances.`;
  if (margin === null)
    return (
      <Alert color="yellow" title="Pelos testes sorteados não há resposta">
        {wordOf(WHAT_IF_REFUSAL, refused)} {equal}{' '}
        {share === null
          ? 'Faltam dias com testes a esta distância.'
          : `Para responder, ${percent(share.toFixed(6))} dos lances teriam de ser testados a esta distância.`}
      </Alert>
    );
  return (
    <Alert
      color="teal"
      title={`Pelos testes sorteados: ${money(margin.value)} por lance (de ${money(margin.low)} a ${money(margin.high)}, 95% de confiança)`}
    >
      Em {count(bids ?? 0)} lances de {count(days ?? 0)} dias. {equal}
    </Alert>
  );
}
