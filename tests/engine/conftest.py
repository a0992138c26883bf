"""One torch thread, as each worker of the server has: small calls are faster so, above all beside other work."""

import torch

torch.set_num_threads(1)
