import { Button, Menu } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api, bodyOf } from '../../api/client';
import { tellFailure } from '../../parts/notices';
import { Icon } from '../../shell/icons';
import { filterOf, type HistorySearch } from './history-search';

const FORMATS = [
  { format: 'csv', label: 'CSV', note: 'abre no Excel' },
  { format: 'xlsx', label: 'Excel', note: 'números e datas formatados' },
  { format: 'parquet', label: 'Parquet', note: 'para quem segue calculando' },
] as const;

/** Asks for a file with the list as it is filtered now. */
export function ExportMenu({ search }: { readonly search: HistorySearch }) {
  const navigate = useNavigate();
  const request = useMutation({
    mutationFn: (format: 'csv' | 'xlsx' | 'parquet') => {
      const filter = Object.fromEntries(
        Object.entries(filterOf(search)).map(([name, value]) => [name, String(value)]),
      );
      return bodyOf(api.POST('/api/v1/exports', { body: { format, filter } }));
    },
    onSuccess: () => navigate({ to: '/exportacoes' }),
    onError: tellFailure,
  });
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <Button leftSection={<Icon name="exports" size={16} />} loading={request.isPending}>
          Exportar
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FORMATS.map(({ format, label, note }) => (
          <Menu.Item
            key={format}
            rightSection={<span style={{ fontSize: 12, opacity: 0.8 }}>{note}</span>}
            onClick={() => {
              request.mutate(format);
            }}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
