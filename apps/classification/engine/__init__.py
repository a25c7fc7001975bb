"""Pure typing engine: features, heads, calibration, metrics; numpy only, scikit-learn in the training modules."""
