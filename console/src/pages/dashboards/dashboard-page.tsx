import { Button, Checkbox, Group, Paper, Select, SimpleGrid, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { api, bodyOf, type Dashboard } from '../../api/client';
import { tellFailure } from '../../parts/notices';
import { Page } from '../../parts/page';
import { PrintButton } from '../../parts/print-button';
import { Empty, Loaded } from '../../parts/states';
import { CrossOf } from '../results/cross';
import { searchOfView } from '../results/view-query';
import { HELP } from '../../words/help-words';

type Written = Pick<Dashboard, 'name' | 'is_shared'> & { readonly view_ids: string[] };

const writtenOf = ({ name, is_shared, views }: Dashboard): Written => ({
  name,
  is_shared,
  view_ids: views.map(({ id }) => id),
});

/** One dashboard: each view stands by itself, so that one that cannot be shown takes none of the others with it. */
export function DashboardPage() {
  const { id } = useParams({ from: '/paineis/$id' });
  const query = useQuery({
    queryKey: ['dashboard', id],
    queryFn: () => bodyOf(api.GET('/api/v1/dashboards/{id}', { params: { path: { id } } })),
  });
  return (
    <Page title={query.data?.name ?? 'Painel'} actions={<PrintButton />}>
      <Loaded query={query} lines={10}>
        {(dashboard) => <Tiles dashboard={dashboard} />}
      </Loaded>
    </Page>
  );
}

function Tiles({ dashboard }: { readonly dashboard: Dashboard }) {
  const written = writtenOf(dashboard);
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (body: Written) =>
      bodyOf(
        api.PUT('/api/v1/dashboards/{id}', {
          params: { path: { id: dashboard.id } },
          body: { ...body, seen: written },
        }),
      ),
    onSuccess: (changed) => {
      queries.setQueryData(['dashboard', dashboard.id], changed);
      void queries.invalidateQueries({ queryKey: ['dashboards'] });
    },
    onError: (error) => {
      tellFailure(error);
      void queries.invalidateQueries({ queryKey: ['dashboard', dashboard.id] });
    },
  });
  return (
    <>
      {dashboard.is_mine && (
        <Paper p="md" className="no-print">
          <Change dashboard={dashboard} onChange={change.mutate} />
        </Paper>
      )}
      {dashboard.views.length === 0 && (
        <Paper p="md">
          <Empty title="Nenhuma visão neste painel">
            Guarde uma visão em{' '}
            <Link to="/explorar" className="link">
              Explorar
            </Link>{' '}
            e inclua aqui.
          </Empty>
        </Paper>
      )}
      <SimpleGrid cols={{ base: 1, lg: 2 }} className="tiles">
        {dashboard.views.map((view) => {
          const search = searchOfView(view.query);
          return (
            <Paper key={view.id} p="md" component="section" aria-label={view.name}>
              <Group justify="space-between" mb="sm">
                <Title order={2}>{view.name}</Title>
                <Group gap="xs" className="no-print">
                  <Link to="/explorar" search={search} className="link">
                    Abrir em Explorar
                  </Link>
                  {dashboard.is_mine && (
                    <Button
                      size="compact-sm"
                      variant="subtle"
                      color="gray"
                      onClick={() => {
                        const left = written.view_ids.filter((id) => id !== view.id);
                        change.mutate({ ...written, view_ids: left });
                      }}
                    >
                      Tirar
                    </Button>
                  )}
                </Group>
              </Group>
              <CrossOf search={search} />
            </Paper>
          );
        })}
      </SimpleGrid>
    </>
  );
}

/** Its owner puts views on it, shares it, throws it away. */
function Change({
  dashboard,
  onChange,
}: {
  readonly dashboard: Dashboard;
  readonly onChange: (written: Written) => void;
}) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const views = useQuery({ queryKey: ['views'], queryFn: () => bodyOf(api.GET('/api/v1/views')) });
  const written = writtenOf(dashboard);
  const others = (views.data?.items ?? []).filter(
    ({ id, page }) => page === 'explore' && !written.view_ids.includes(id),
  );
  const remove = useMutation({
    mutationFn: () =>
      bodyOf(api.DELETE('/api/v1/dashboards/{id}', { params: { path: { id: dashboard.id } } })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['dashboards'] });
      await navigate({ to: '/paineis' });
    },
    onError: tellFailure,
  });
  return (
    <Group align="flex-start" className="filters">
      <Select
        label="Incluir visão"
        description={HELP.dashboard.view}
        placeholder={others.length === 0 ? 'Nenhuma guardada' : 'Escolha'}
        data={others.map(({ id, name }) => ({ value: id, label: name }))}
        disabled={others.length === 0}
        value={null}
        onChange={(id) => {
          if (id !== null) onChange({ ...written, view_ids: [...written.view_ids, id] });
        }}
      />
      <Checkbox
        label="Todos podem ver"
        description={HELP.dashboard.shared}
        checked={dashboard.is_shared}
        onChange={(event) => {
          onChange({ ...written, is_shared: event.currentTarget.checked });
        }}
      />
      <Button
        variant="subtle"
        color="red"
        loading={remove.isPending}
        onClick={() => {
          remove.mutate();
        }}
      >
        Apagar painel
      </Button>
    </Group>
  );
}
