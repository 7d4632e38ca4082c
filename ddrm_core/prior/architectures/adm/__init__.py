"""The ADM U-Net of the paper. Source: Dhariwal and Nichol 2021, section 3 and appendix A."""
