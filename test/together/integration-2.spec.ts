import { share } from './share';

share('integration', 2);
