import { Paper, Tabs } from '@mantine/core';
import { Page } from '../../parts/page';
import { ApprovalList } from './approval-list';
import { OperationList } from './operation-list';
import { TaskQueue } from './task-queue';

/** What waits for people, most urgent first; what waits for a second person; and all loans. */
export function OperationsPage() {
  return (
    <Page title="Operações">
      <Paper p="md">
        <Tabs defaultValue="tasks" keepMounted={false}>
          <Tabs.List mb="md">
            <Tabs.Tab value="tasks">Fila de trabalho</Tabs.Tab>
            <Tabs.Tab value="approvals">Aprovações</Tabs.Tab>
            <Tabs.Tab value="all">Todas as operações</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="tasks">
            <TaskQueue />
          </Tabs.Panel>
          <Tabs.Panel value="approvals">
            <ApprovalList />
          </Tabs.Panel>
          <Tabs.Panel value="all">
            <OperationList />
          </Tabs.Panel>
        </Tabs>
      </Paper>
    </Page>
  );
}
