import { Group, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/client';
import { count, reais, taxpayer } from '../../format/format';
import { FigureTable } from '../../parts/figure-table';
import { Panel } from '../../parts/panel';
import { Empty, Loaded } from '../../parts/states';
import { useSession } from '../../session/session-provider';
import { FigureCell } from '../results/figure';
import type { RateTabProps } from './rate-tab';
import { SheetDownload } from './sheet-download';

/** How loans of each employer are paid back, by what was told of our own. */
export function EmployersTab({ from, to }: RateTabProps) {
  const { may } = useSession();
  const query = useQuery({
    queryKey: ['employer-repayment', from, to],
    queryFn: () => bodyOf(api.GET('/api/v1/history/employer-repayment', { params: { query: { from, to } } })),
  });
  return (
    <Panel
      title="Repasse por empregador"
      note="Do que o servicer informou dos nossos contratos: primeiras parcelas pagas, das que já venceram, e a perda de quem já terminou. Os que mais deixaram de pagar primeiro."
    >
      <Stack>
        {may('exports.create') && (
          <Group>
            <SheetDownload
              name="empregadores"
              get={(format) =>
                api.GET('/api/v1/history/employer-repayment/file', {
                  params: { query: { from, to, format } },
                  parseAs: 'blob',
                })
              }
            />
          </Group>
        )}
        <Loaded query={query}>
          {({ employers, told_employers: told }) =>
            employers.length === 0 ? (
              <Empty title="Nada foi informado dos contratos do período">
                Os resultados depois do desembolso entram na página Resultado.
              </Empty>
            ) : (
              <FigureTable
                label="Repasse por empregador"
                head={`Empregador (${count(employers.length)} de ${count(told)})`}
                rows={employers}
                nameOf={({ document_number: number, mark }) =>
                  number === null ? `empregador sem documento ${mark.slice(0, 6)}` : taxpayer(number)
                }
                columns={[
                  { label: 'Desembolsos', cell: ({ paid }) => count(paid) },
                  { label: 'Volume', cell: ({ paid_amount: amount }) => reais(amount) },
                  {
                    label: 'Primeira parcela paga',
                    cell: ({ first_paid: figure }) => <FigureCell measure="first_paid" figure={figure} />,
                  },
                  { label: 'Terminados', cell: ({ ended }) => count(ended) },
                  { label: 'Perda esperada deles', cell: ({ expected_loss: loss }) => reais(loss) },
                  { label: 'Perda informada', cell: ({ told_loss: loss }) => reais(loss) },
                ]}
              />
            )
          }
        </Loaded>
      </Stack>
    </Panel>
  );
}
