"""How Hoso's Vietnamese recognisers were made: rendered lines, damage, and a fine-tuned PP-OCRv6.

Nothing at run time imports this package; it needs PyTorch, the product does not.
"""
