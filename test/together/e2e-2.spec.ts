import { share } from './share';

share('e2e', 2);
