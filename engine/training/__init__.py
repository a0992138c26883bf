"""How our weights came about: data, augmentation, recipes, the training loop, evaluation and the model card."""
