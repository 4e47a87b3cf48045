import { Link } from '@tanstack/react-router';
import { Page } from '../parts/page';
import { Empty } from '../parts/states';

/** In the place of a page that somebody's roles do not open: said once, and nothing of it is asked for. */
export function NotForThem() {
  return (
    <Page title="Sem acesso">
      <Empty title="Seus papéis não permitem ver esta página">
        O menu mostra as suas. Quem administra as pessoas pode mudar os{' '}
        <Link to="/primeiros-passos" className="link">
          papéis
        </Link>
        .
      </Empty>
    </Page>
  );
}
