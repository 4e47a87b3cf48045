import { Alert } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, bodyOf, type Backtest, type BacktestList, type PolicyVersion } from '../../api/client';
import { count } from '../../format/format';

const POLL_MS = 1_000;

export const isUnderWay = ({ state }: Backtest): boolean => state === 'queued' || state === 'running';

/** The backtests of exactly what this version says, read again while one is under way. */
export function useBacktests({ number, hash }: PolicyVersion) {
  return useQuery({
    queryKey: ['backtests', hash],
    queryFn: () => bodyOf(api.GET('/api/v1/policies/{number}/backtests', { params: { path: { number } } })),
    refetchInterval: ({ state }) => (state.data?.items.some(isUnderWay) === true ? POLL_MS : false),
  });
}

/** On how much of what came lately the version was tried, and whether it may be activated with that. */
export function TriedOn({ activation }: Pick<BacktestList, 'activation'>) {
  if (activation === null) return null;
  const { held, required, days } = activation;
  const isEnough = held >= required;
  return (
    <Alert
      color={isEnough && required > 0 ? 'teal' : 'yellow'}
      data-tried-on={isEnough ? 'enough' : 'too_few'}
    >
      {required === 0
        ? 'Nenhum pedido foi recebido até hoje: a versão pode ser ativada sem ter sido medida, e a auditoria registra isso.'
        : `Medida com ${count(held)} dos pedidos dos últimos ${count(days)} dias; a ativação exige ${count(required)}${isEnough ? '' : `: meça em Impacto um período maior, de até ${count(days)} dias`}.`}
    </Alert>
  );
}
