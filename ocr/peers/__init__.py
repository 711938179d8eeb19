"""Other readers on the same pages, for ``hoso bench reading`` only; the product never reads with them."""
