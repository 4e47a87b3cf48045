import { Paper, Tabs } from '@mantine/core';
import { Page } from '../../parts/page';
import { useSession } from '../../session/session-provider';
import { AuditPanel } from './audit-panel';
import { PeoplePanel } from './people-panel';
import { TokensPanel } from './tokens-panel';

const TABS = [
  { value: 'people', label: 'Pessoas', permission: 'users.manage', Panel: PeoplePanel },
  { value: 'tokens', label: 'Tokens da API', permission: 'tokens.manage', Panel: TokensPanel },
  { value: 'audit', label: 'Trilha de auditoria', permission: 'audit.read', Panel: AuditPanel },
] as const;

/** Who may come in, with which tokens scripts do, and what everybody did. */
export function AccessPage() {
  const { may } = useSession();
  const tabs = TABS.filter(({ permission }) => may(permission));
  return (
    <Page title="Acesso">
      <Paper p="md">
        <Tabs defaultValue={tabs[0]?.value ?? null} keepMounted={false}>
          <Tabs.List mb="md">
            {tabs.map(({ value, label }) => (
              <Tabs.Tab key={value} value={value}>
                {label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {tabs.map(({ value, Panel }) => (
            <Tabs.Panel key={value} value={value}>
              <Panel />
            </Tabs.Panel>
          ))}
        </Tabs>
      </Paper>
    </Page>
  );
}
